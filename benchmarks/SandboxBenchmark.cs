using System.CommandLine;

namespace O1Coder.Benchmarks;

/// <summary>The sandbox as its callers see it, over gRPC, against other ways to run a program, in turn.</summary>
internal static class SandboxBenchmark
{
    private const int BadInput = 2;
    private static readonly string[] s_parts = ["latency", "throughput", "neighbours", "memory"];

    public static Command Command()
    {
        var only = new Option<string>("--only") { Description = "Parts, separated by commas.", DefaultValueFactory = _ => string.Join(',', s_parts) };
        var rounds = new Option<int>("--rounds") { Description = "Runs of each kind that latency is told of.", DefaultValueFactory = _ => 200 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of throughput of each kind, in three turns.", DefaultValueFactory = _ => 6 };
        var runs = new Option<int>("--runs") { Description = "Runs over which memory is looked at.", DefaultValueFactory = _ => 2000 };
        var python = new Option<string>("--python") { Description = "The interpreter; empty: the service finds the real one.", DefaultValueFactory = _ => "" };
        var command = new Command("sandbox", "The sandbox against a bare interpreter, bubblewrap and plain subprocesses.") { only, rounds, seconds, runs, python };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var parts = parsed.GetValue(only)!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var refusal = (parts.Except(s_parts).FirstOrDefault(), parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(runs)) switch
            {
                ({ } part, _, _, _) => $"--only has '{part}': expected {string.Join(',', s_parts)}",
                (_, < 10 or > 100_000, _, _) => $"--rounds is {parsed.GetValue(rounds)}: expected 10 to 100000",
                (_, _, not (>= 0.3 and <= 3600), _) => $"--seconds is {parsed.GetValue(seconds)}: expected 0.3 to 3600",
                (_, _, _, < 10 or > 10_000_000) => $"--runs is {parsed.GetValue(runs)}: expected 10 to 10000000",
                _ => null,
            };
            if (refusal is not null)
            {
                await Console.Error.WriteLineAsync(refusal);
                return BadInput;
            }

            await Run(parts, parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(runs), parsed.GetValue(python)!, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task Run(string[] parts, int rounds, double seconds, int runs, string python, CancellationToken cancellationToken)
    {
        // As many runs at once as keep the cores busy while others are begun and tidied up after.
        using var server = await SandboxServer.Start(2 * Environment.ProcessorCount, python, cancellationToken);
        Console.WriteLine($"{Environment.ProcessorCount} cores, {server.Python}, limiter {server.Limiter}");
        var contenders = SandboxContender.All(server);
        if (parts.Contains("latency"))
        {
            await SandboxLatency.Run(contenders, rounds, cancellationToken);
        }

        if (parts.Contains("throughput"))
        {
            await SandboxThroughput.Run(contenders, seconds, cancellationToken);
        }

        if (parts.Contains("neighbours"))
        {
            await SandboxNeighbours.Run(server, cancellationToken);
        }

        if (parts.Contains("memory"))
        {
            await SandboxMemory.Run(server, runs, cancellationToken);
        }
    }
}
