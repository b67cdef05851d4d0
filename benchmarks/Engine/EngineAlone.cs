using System.Diagnostics;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// The engine without a peer: load time, prefill, decoding at several batch sizes from a shared prefix, memory. Several back
/// ends are measured in turn, so that they have the same machine.
/// </summary>
internal static class EngineAlone
{
    private const int PrefixTokens = 256;
    private static readonly int[] s_prefills = [256, 512];
    /// <summary>Measures and prints.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="backends">What computes, in turn.</param>
    /// <param name="options">How the engines are run; each back end replaces the one in there.</param>
    /// <param name="tokens">Tokens decoded a sequence.</param>
    /// <param name="repeats">Runs of each.</param>
    /// <param name="batches">Sequences at once, ascending.</param>
    /// <param name="rank">Rank of adapters that take turns with the model as it is; 0 for none.</param>
    /// <param name="adapters">How many of them a batch has, after one with a single one.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task Run(
        string folder, EngineBackend[] backends, EngineOptions options, int tokens, int repeats, int[] batches, int rank, int adapters, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var model = LanguageModel.Open(folder, cancellationToken: cancellationToken);
        var opened = clock.Elapsed;
        Print($"model {model.Id}, opened in {opened.TotalSeconds:f2} s (hashes checked), {options.Threads} threads; resident memory {Resident()} MiB");
        var contenders = new List<Contender>();
        try
        {
            foreach (var backend in backends)
            {
                var engine = InferenceEngines.Load(model, options with { Backend = backend });
                contenders.Add(new Contender(engine.Description.Backend, engine, [null]));
                Print($"{engine.Description.Backend}, {engine.Description.Precision}: loaded in {engine.Description.LoadTime.TotalSeconds:f2} s; resident memory {Resident()} MiB");
                if (rank > 0)
                {
                    var versions = await AddAdapters(model, engine, rank, adapters, cancellationToken);
                    contenders.Add(new Contender($"{engine.Description.Backend} + LoRA", engine, versions[0]));
                    if (adapters > 1)
                    {
                        contenders.Add(new Contender($"{engine.Description.Backend}, {adapters} prompts", engine, new string?[adapters]));
                        contenders.Add(new Contender($"{engine.Description.Backend} + {adapters} LoRA", engine, versions));
                    }
                }
            }

            await Measure(model, contenders, batches, tokens, repeats, cancellationToken);
        }
        finally
        {
            foreach (var engine in contenders.Select(contender => contender.Engine).Distinct())
            {
                await engine.DisposeAsync();
            }
        }
    }

    private static async Task<string?[]> AddAdapters(
        LanguageModel model, IInferenceEngine engine, int rank, int adapters, CancellationToken cancellationToken)
    {
        var versions = new List<string?>();
        while (versions.Count < adapters)
        {
            var clock = Stopwatch.StartNew();
            var added = await engine.AddAdapterAsync(RandomAdapter(model.Description, rank, versions.Count + 1), null, cancellationToken);
            versions.Add(added.Version);
            Print($"adapter {versions.Count} of rank {rank}: {clock.Elapsed.TotalSeconds:f2} s, {added.Bytes >> 20} MiB; resident memory {Resident()} MiB");
        }

        return [.. versions];
    }

    private static async Task Measure(
        LanguageModel model, List<Contender> contenders, int[] batches, int tokens, int repeats, CancellationToken cancellationToken)
    {
        // Processor time hardly depends on what else the machine does; the rates do.
        Print($"{"",-40} {"median",10} {"best",10}  tokens/s {"CPU ms a token",16}");

        var seed = 0;
        foreach (var length in s_prefills)
        {
            await InTurn("prefill", length, length, contender =>
                EngineRates.Prefill(contender, EngineRates.Prompt(model, seed++, length), cancellationToken));
        }

        var shared = EngineRates.Prompt(model, seed, PrefixTokens);
        foreach (var contender in contenders)
        {
            await EngineRates.Decode(contender, shared, batches[^1], tokens, cancellationToken);
        }

        foreach (var batch in batches)
        {
            await InTurn("decode", batch, batch * tokens, contender =>
                EngineRates.Decode(contender, shared, batch, tokens, cancellationToken));
        }

        Print($"resident memory {Resident()} MiB");

        async Task InTurn(string what, int size, int count, Func<Contender, Task<double>> run)
        {
            var rates = contenders.Select(_ => new List<double>()).ToArray();
            var busy = new TimeSpan[contenders.Count];
            for (var i = 0; i < repeats * contenders.Count; i++)
            {
                var which = i % contenders.Count;
                var before = Environment.CpuUsage.TotalTime;
                rates[which].Add(await run(contenders[which]));
                busy[which] += Environment.CpuUsage.TotalTime - before;
            }

            for (var which = 0; which < contenders.Count; which++)
            {
                Print($"{what,-8}{size,4} {contenders[which].Name,-27} {Spread.Of(rates[which]).Median,10:f0} {Spread.Of(rates[which]).Most,10:f0} {busy[which].TotalMilliseconds / (count * repeats),26:f2}");
            }
        }
    }

    // So small that answers stay those of the model, and no sequence ends early; the work is the same.
    private static LoraAdapter RandomAdapter(ModelDescription model, int rank, int seed)
    {
        var random = new Random(seed);
        var matrices = new Dictionary<LoraKey, LoraMatrices>();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var projection in Enum.GetValues<Projection>())
            {
                matrices.Add(new LoraKey(layer, projection), new LoraMatrices(
                    Numbers(rank * model.InputSize(projection)), Numbers(model.OutputSize(projection) * rank)));
            }
        }

        return new LoraAdapter(rank, rank, rankStabilized: false, matrices, $"random-{seed}");

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => 1e-3f * ((2 * random.NextSingle()) - 1))];
    }

    private static long Resident() => Environment.WorkingSet >> 20;

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
