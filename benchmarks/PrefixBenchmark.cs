using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using O1Coder.Inference;
using O1Coder.Inference.Caching;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// The prefix cache: what a look-up, an addition and an eviction cost with few and with many prefixes, on pages that nothing
/// computes; and what the cache costs an engine whose prompts share nothing, against the same engine without it.
/// </summary>
internal static class PrefixBenchmark
{
    private const int SystemTokens = 200;
    private const int ProblemTokens = 100;
    private const int OwnTokens = 30;
    private const int PathTokens = SystemTokens + ProblemTokens + OwnTokens;
    private const int PrefixesOfAProblem = 50;
    private const int Vocabulary = 150_000;
    private const int Timed = 2_000;

    public static Command Command()
    {
        var prefixes = new Option<int[]>("--prefixes")
        {
            Description = "Prefixes that the cache holds.",
            DefaultValueFactory = _ => [100, 1_000, 10_000, 100_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var model = new Option<string>("--model") { Description = "Folder of the model.", DefaultValueFactory = _ => EngineBenchmark.DefaultModel() };
        var rounds = new Option<int>("--rounds") { Description = "Requests with the cache and without it, in turn; 0 for the tree alone.", DefaultValueFactory = _ => 30 };
        var cache = new Option<int>("--cache-mebibytes") { Description = "The engine's cache, which is full when it is measured.", DefaultValueFactory = _ => 64 };
        var cost = new Option<bool>("--cost") { Description = "Measure only the cache's share of the steps' processor time where nothing is shared." };
        var command = new Command("prefixes", "What the prefix cache costs.") { prefixes, model, rounds, cache, cost };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(cost))
            {
                PrefixShare.Run(parsed.GetValue(model)!, Math.Max(1, parsed.GetValue(rounds)), (long)parsed.GetValue(cache) << 20, cancellationToken);
                return;
            }

            Print($"prefixes of {PathTokens} tokens, {SystemTokens} of which all share and {ProblemTokens} some {PrefixesOfAProblem}; microseconds, the best of ten parts");
            Print($"{"prefixes",10}{"edges",10}{"look-up",10}{"miss",10}{"claim",10}{"add",10}{"add+evict",10}{"managed bytes a prefix",24}{"pages a prefix",16}");

            // So that the code is compiled as it will be.
            Tree(2_000, print: false);
            foreach (var count in parsed.GetValue(prefixes)!)
            {
                Tree(count);
            }

            if (parsed.GetValue(rounds) > 0)
            {
                await Unshared(parsed.GetValue(model)!, parsed.GetValue(rounds), (long)parsed.GetValue(cache) << 20, cancellationToken);
            }
        });
        return command;
    }

    private static void Tree(int count, bool print = true)
    {
        // Pages as small as they can be: nobody reads them.
        using var pool = new KvPagePool(new KvLayout(TinyModel), spare: 64);
        var random = new Random(1);
        var paths = Paths(random, count);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        // Half as full as it may be, then full.
        var (timed, _) = Fill(pool, paths, long.MaxValue);
        using var cache = timed;
        var managed = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (edges, pages) = (cache.Edges, pool.InBlocks);
        var lookUps = Enumerable.Range(0, Timed).Select(_ => paths[random.Next(paths.Length)]).ToArray();
        var lookUp = Cost(lookUps, path =>
        {
            var sequence = new PagedSequence(pool, PathTokens);
            if (cache.Load(path, PathTokens, sequence) != PathTokens)
            {
                throw new InvalidOperationException("a prefix is missing: its cost would be wrong");
            }

            sequence.Close();
        });
        var claim = Cost(lookUps, path => cache.Claim(path, null).Dispose());
        var misses = Enumerable.Range(0, Timed).Select(_ => Tokens(random, PathTokens)).ToArray();
        var miss = Cost(misses, path =>
        {
            var sequence = new PagedSequence(pool, PathTokens);
            cache.Load(path, PathTokens, sequence);
            sequence.Close();
        });
        var add = Additions(pool, cache, paths, random);

        // The same, full: every addition has others evicted.
        var (full, bytes) = Fill(pool, paths, pages * pool.Layout.PageBytes);
        using var bounded = full;
        var evict = Additions(pool, bounded, paths, random);
        if (bounded.Bytes > bytes)
        {
            throw new InvalidOperationException("nothing was evicted: the cost would be wrong");
        }

        if (!print)
        {
            return;
        }

        Print($"{count,10}{edges,10}{lookUp,10:f2}{miss,10:f2}{claim,10:f2}{add,10:f2}{evict,10:f2}{(double)managed / count,24:f0}{(double)pages / count,16:f2}");
    }

    private static (PrefixCache Cache, long Bytes) Fill(KvPagePool pool, int[][] paths, long bytes)
    {
        var cache = new PrefixCache(new PagedBlocks(pool), bytes);
        foreach (var path in paths)
        {
            var sequence = Computed(pool, cache, path);
            cache.Add(path, sequence);
            sequence.Close();
        }

        return (cache, bytes);
    }

    // New prefixes of known problems.
    private static double Additions(KvPagePool pool, PrefixCache cache, int[][] paths, Random random)
    {
        var added = Enumerable.Range(0, Timed)
            .Select(_ => (int[])[.. paths[random.Next(paths.Length)].AsSpan(0, SystemTokens + ProblemTokens), .. Tokens(random, OwnTokens)])
            .Select(path => (Path: path, Sequence: Computed(pool, cache, path)))
            .ToArray();
        var cost = Cost(added, one => cache.Add(one.Path, one.Sequence));
        foreach (var (_, sequence) in added)
        {
            sequence.Close();
        }

        return cost;
    }

    private static PagedSequence Computed(KvPagePool pool, PrefixCache cache, int[] path)
    {
        var sequence = new PagedSequence(pool, PathTokens);
        cache.Load(path, PathTokens, sequence);
        sequence.Reserve(PathTokens - sequence.Length);
        sequence.Length = PathTokens;
        return sequence;
    }

    // Microseconds for each; the best of ten parts, as other work can only slow them down.
    private static double Cost<T>(T[] all, Action<T> run)
    {
        var best = double.MaxValue;
        foreach (var part in all.Chunk(all.Length / 10))
        {
            var clock = Stopwatch.GetTimestamp();
            foreach (var one in part)
            {
                run(one);
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(clock).TotalMicroseconds / part.Length);
        }

        return best;
    }

    private static async Task Unshared(string folder, int rounds, long bytes, CancellationToken cancellationToken)
    {
        using var model = LanguageModel.Open(folder, cancellationToken: cancellationToken);
        var options = new EngineOptions { Backend = EngineBackend.Cpu };
        await using var without = InferenceEngines.Load(model, options with { PrefixCacheBytes = 0 });
        await using var with = InferenceEngines.Load(model, options with { PrefixCacheBytes = bytes });
        Print($"requests of 128 tokens that share nothing, 4 answers of 16 tokens; {with.Description.Backend}, a full cache of {bytes >> 20} MiB against none");
        var random = new Random(1);

        // Until the cache is full, and its pages have been used before.
        for (var warm = 0; warm < 8 || warm * 128L * BytesPerToken(model.Description) < bytes; warm++)
        {
            await Ask(with, random, 1, 1, cancellationToken);
            if (warm < 8)
            {
                await Ask(without, random, 4, 16, cancellationToken);
            }
        }

        var (processor, elapsed) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            // Each is the first as often as the second.
            var first = await Measure(round % 2 == 0 ? with : without, random, cancellationToken);
            var second = await Measure(round % 2 == 0 ? without : with, random, cancellationToken);
            var (on, off) = round % 2 == 0 ? (first, second) : (second, first);
            processor.Add(on.Processor / off.Processor);
            elapsed.Add(on.Elapsed / off.Elapsed);
        }

        Print($"{"time with ÷ without",-24}{"median",10}{"quartiles",20}");
        Line("processor", processor);
        Line("elapsed", elapsed);

        static void Line(string what, List<double> ratios)
        {
            var sorted = ratios.Order().ToArray();
            Print($"{what,-24}{sorted[sorted.Length / 2],10:f4}{sorted[sorted.Length / 4],11:f4}–{sorted[sorted.Length * 3 / 4]:f4}");
        }
    }

    private static async Task<(double Processor, double Elapsed)> Measure(IInferenceEngine engine, Random random, CancellationToken cancellationToken)
    {
        var (processor, clock) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Ask(engine, random, 4, 16, cancellationToken);
        return ((Environment.CpuUsage.TotalTime - processor).TotalSeconds, Stopwatch.GetElapsedTime(clock).TotalSeconds);
    }

    private static async Task Ask(IInferenceEngine engine, Random random, int sequences, int tokens, CancellationToken cancellationToken)
    {
        var request = new GenerationRequest
        {
            Prompt = Tokens(random, 128),
            Sequences = sequences,

            // A token that ends a turn would make one request shorter than another.
            Sampling = new SamplingOptions { MaxTokens = tokens, Temperature = 1, Seed = 1, LogitBias = new Dictionary<int, float> { [11] = 100 } },
        };
        await foreach (var happened in engine.GenerateAsync(request, cancellationToken))
        {
            if (happened is GenerationUsage usage && (usage.CachedTokens > 0 || usage.GeneratedTokens != sequences * tokens))
            {
                throw new InvalidOperationException("a prompt was shared or an answer ended early: the ratio would be wrong");
            }
        }
    }

    private static long BytesPerToken(ModelDescription model) => new KvLayout(model).PageBytes / KvLayout.PageTokens;

    private static int[][] Paths(Random random, int count)
    {
        var system = Tokens(random, SystemTokens);
        var paths = new int[count][];
        var problem = Array.Empty<int>();
        for (var i = 0; i < count; i++)
        {
            problem = i % PrefixesOfAProblem == 0 ? Tokens(random, ProblemTokens) : problem;
            paths[i] = [.. system, .. problem, .. Tokens(random, OwnTokens)];
        }

        return paths;
    }

    private static int[] Tokens(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary))];

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static ModelDescription TinyModel { get; } = new()
    {
        Architecture = "qwen2",
        Layers = 1,
        HiddenSize = 8,
        Heads = 1,
        KeyValueHeads = 1,
        HeadSize = 8,
        FeedForwardSize = 8,
        VocabularySize = Vocabulary,
        ContextLength = PathTokens,
        RopeBase = 10_000,
        RmsEpsilon = 1e-6f,
        TiedEmbedding = true,
        EndOfTurnTokens = [0],
    };
}
