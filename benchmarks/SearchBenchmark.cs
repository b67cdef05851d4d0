using System.CommandLine;

namespace O1Coder.Benchmarks;

/// <summary>The search itself, the engine under it, and the methods against each other.</summary>
internal static class SearchBenchmark
{
    private const int BadInput = 2;
    private static readonly string[] s_parts = ["overhead", "many", "utilisation", "methods"];

    public static Command Command()
    {
        var only = new Option<string>("--only") { Description = "Parts, separated by commas.", DefaultValueFactory = _ => string.Join(',', s_parts) };
        var nodes = new Option<int[]>("--nodes")
        {
            Description = "Sizes of the tree that overhead is measured at.",
            DefaultValueFactory = _ => [1_000, 100_000, 1_000_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var queued = new Option<int[]>("--queued")
        {
            Description = "Problems of the runs that many measures.",
            DefaultValueFactory = _ => [100, 1_000, 10_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var problems = new Option<string>("--problems") { Description = "Folder of problems.", DefaultValueFactory = _ => Path.Combine(Repository.Root, "problems", "starter") };
        var tokens = new Option<long>("--tokens") { Description = "Tokens that a method may spend on a problem.", DefaultValueFactory = _ => 3000 };
        var methods = new Option<string>("--methods") { Description = "Methods, separated by commas; empty: all.", DefaultValueFactory = _ => "" };
        var seeds = new Option<int>("--seeds") { Description = "Seeds of each problem.", DefaultValueFactory = _ => 1 };
        var inFlight = new Option<int>("--in-flight") { Description = "Rollouts under way at once.", DefaultValueFactory = _ => 8 };
        var command = new Command("search", "What a search costs, how busy it keeps the engine, and what each method solves for its tokens.")
        {
            only, nodes, queued, problems, tokens, methods, seeds, inFlight,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var parts = parsed.GetValue(only)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var refusal = (parts.Except(s_parts).FirstOrDefault(), parsed.GetValue(tokens), parsed.GetValue(seeds), parsed.GetValue(inFlight)) switch
            {
                ({ } part, _, _, _) => $"--only has '{part}': expected {string.Join(',', s_parts)}",
                (_, < 1, _, _) => $"--tokens is {parsed.GetValue(tokens)}: expected a whole number from 1",
                (_, _, < 1 or > 1000, _) => $"--seeds is {parsed.GetValue(seeds)}: expected 1 to 1000",
                (_, _, _, < 1 or > 64) => $"--in-flight is {parsed.GetValue(inFlight)}: expected 1 to 64",
                _ when parsed.GetValue(nodes)!.Any(size => size is < 100 or > 10_000_000) => "--nodes: expected 100 to 10000000",
                _ when parsed.GetValue(queued)!.Any(size => size is < 20 or > 20_000) => "--queued: expected 20 to 20000",
                _ when !Directory.Exists(parsed.GetValue(problems)) => $"--problems is '{parsed.GetValue(problems)}': expected a folder",
                _ => null,
            };
            if (refusal is not null)
            {
                await Console.Error.WriteLineAsync(refusal);
                return BadInput;
            }

            if (parts.Contains("overhead"))
            {
                await SearchOverhead.Run(parsed.GetValue(nodes)!, cancellationToken);
            }

            if (parts.Contains("many"))
            {
                await ManyProblems.Run(parsed.GetValue(queued)!, cancellationToken);
            }

            if (parts.Contains("utilisation") || parts.Contains("methods"))
            {
                using var servers = await SearchServers.Start(EngineBenchmark.DefaultModel(), cancellationToken);
                if (parts.Contains("utilisation"))
                {
                    await EngineUtilisation.Run(servers, parsed.GetValue(problems)!, parsed.GetValue(inFlight), cancellationToken);
                }

                if (parts.Contains("methods"))
                {
                    var names = parsed.GetValue(methods)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                    await MethodComparison.Run(
                        servers, parsed.GetValue(problems)!, names, parsed.GetValue(tokens), parsed.GetValue(seeds), parsed.GetValue(inFlight), cancellationToken);
                }
            }

            return 0;
        });
        return command;
    }
}
