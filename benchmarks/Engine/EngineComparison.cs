using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>Ours against llama.cpp on the same file, threads and cores, in turn.</summary>
internal static class EngineComparison
{
    /// <summary>The parts, by their letters.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["a", "b", "c", "d"];

    /// <summary>Measures and prints.</summary>
    /// <param name="settings">What is compared and how.</param>
    /// <param name="options">How our engine is run.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task Run(ComparisonSettings settings, EngineOptions options, CancellationToken cancellationToken)
    {
        using var model = LanguageModel.Open(settings.Model, cancellationToken: cancellationToken);
        var theirs = LlamaBuild.Open(settings.Llama, settings.Model, options.Threads);
        var results = new EngineResults(options.Threads) { Ours = $"{model.Id}, {options.Backend}, {options.Precision}" };
        EngineResults.Print($"{results.Ours}, {options.Threads} threads of {Environment.ProcessorCount} processors; load average before: {LoadAverage()}");
        if (settings.Neighbour || settings.Parts.Any(part => part != "d"))
        {
            await using var engine = InferenceEngines.Load(model, options);
            var ours = new Contender(engine.Description.Backend, engine, [null]);
            EngineResults.Print($"ours: {engine.Description.Backend}, {engine.Description.Precision}, sampling at temperature 0.8, top-p 0.95; llama.cpp: its own benchmarks, without sampling");
            Console.WriteLine(Duel.Header);
            if (settings.Neighbour)
            {
                await new NeighbourRates(ours, theirs, model, results).Run(
                    [.. new[] { 1, Environment.ProcessorCount }.Distinct()], settings.Rounds, cancellationToken);
            }
            else
            {
                var rates = new PlainRates(ours, theirs, model, results);
                foreach (var (part, run) in new (string, Func<int, CancellationToken, Task>)[] { ("a", rates.One), ("b", rates.Batches), ("c", rates.Prefill) })
                {
                    if (settings.Parts.Contains(part))
                    {
                        await run(settings.Rounds, cancellationToken);
                    }
                }
            }
        }

        if (!settings.Neighbour && settings.Parts.Contains("d"))
        {
            await new SearchRates(settings.Model, options, theirs, model, results).Run(
                settings.Search, settings.Servers, settings.Rounds, cancellationToken);
        }

        EngineResults.Print($"peer: llama.cpp {results.Peer}; load average after: {LoadAverage()}");
        if (settings.Json is { } file)
        {
            results.Write(file);
        }
    }

    // Other work on the machine spoils the numbers: it is seen here.
    private static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : "not known";
}
