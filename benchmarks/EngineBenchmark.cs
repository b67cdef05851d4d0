using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// The engine as its callers see it, events and sampling included: load time, prefill, decoding at several batch sizes
/// from a shared prefix, memory.
/// </summary>
internal static class EngineBenchmark
{
    private const int PrefixTokens = 256;
    private static readonly int[] s_batches = [1, 2, 3, 4, 6, 8, 12, 16];

    public static Command Command()
    {
        var model = new Option<string>("--model") { Description = "Folder of the model.", DefaultValueFactory = _ => DefaultModel() };
        var threads = new Option<int>("--threads") { Description = "Threads that compute.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var precision = new Option<Precision>("--precision") { Description = "Fast or Exact.", DefaultValueFactory = _ => Precision.Fast };
        var tokens = new Option<int>("--tokens") { Description = "Tokens decoded a sequence.", DefaultValueFactory = _ => 32 };
        var repeats = new Option<int>("--repeats") { Description = "Runs of each; the median and the best are printed.", DefaultValueFactory = _ => 3 };
        var adapter = new Option<int>("--adapter")
        {
            Description = "Rank of a LoRA adapter of all projections; every line is then measured without and with it, in turn.",
        };
        var command = new Command("engine", "Tokens a second of the inference engine.") { model, threads, precision, tokens, repeats, adapter };
        command.SetAction((parsed, cancellationToken) => Run(
            parsed.GetValue(model)!,
            new EngineOptions { Threads = parsed.GetValue(threads), Precision = parsed.GetValue(precision) },
            parsed.GetValue(tokens),
            parsed.GetValue(repeats),
            parsed.GetValue(adapter),
            cancellationToken));
        return command;
    }

    private static async Task Run(
        string folder, EngineOptions options, int tokens, int repeats, int rank, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var model = LanguageModel.Open(folder, cancellationToken: cancellationToken);
        var opened = clock.Elapsed;
        await using var engine = OnnxEngine.Load(model, options);
        Print($"model {model.Id}, {engine.Description.Backend}, {engine.Description.Precision}, {options.Threads} threads");
        Print($"opening the model {opened.TotalSeconds:f2} s (hashes checked), loading the engine {engine.Description.LoadTime.TotalSeconds:f2} s");
        Print($"resident memory {Environment.WorkingSet >> 20} MiB");
        string?[] adapters = [null];
        if (rank > 0)
        {
            clock.Restart();
            var added = await engine.AddAdapterAsync(RandomAdapter(model.Description, rank, 1), null, cancellationToken);
            Print($"first adapter of rank {rank}: {clock.Elapsed.TotalSeconds:f2} s, {added.Bytes >> 20} MiB; resident memory {Environment.WorkingSet >> 20} MiB");
            clock.Restart();
            await engine.AddAdapterAsync(RandomAdapter(model.Description, rank, 2), null, cancellationToken);
            Print($"second adapter: {clock.Elapsed.TotalSeconds:f2} s; resident memory {Environment.WorkingSet >> 20} MiB");
            adapters = [null, added.Version];
        }

        // Processor time hardly depends on what else the machine does; the rates do.
        Print($"{"",12} {"median",10} {"best",10}  tokens/s {"CPU ms a token",16}");

        var seed = 0;
        await Measure("prefill", PrefixTokens, PrefixTokens, async adapter =>
        {
            var usage = await Generate(engine, Prompt(model, seed++), 1, 1, adapter, cancellationToken);
            return usage.PromptTokens / usage.PrefillTime.TotalSeconds;
        });
        var shared = Prompt(model, seed);
        foreach (var adapter in adapters)
        {
            await Generate(engine, shared, s_batches[^1], tokens, adapter, cancellationToken);
        }

        foreach (var batch in s_batches)
        {
            await Measure("decode", batch, batch * tokens, async adapter =>
            {
                // The first token comes out of prefill.
                var usage = await Generate(engine, shared, batch, tokens + 1, adapter, cancellationToken);
                return batch * tokens / usage.DecodeTime.TotalSeconds;
            });
        }

        Print($"resident memory {Environment.WorkingSet >> 20} MiB");

        async Task Measure(string what, int size, int count, Func<string?, Task<double>> run)
        {
            var rates = adapters.Select(_ => new List<double>()).ToArray();
            var busy = new TimeSpan[adapters.Length];
            for (var i = 0; i < repeats * adapters.Length; i++)
            {
                var which = i % adapters.Length;
                var before = Environment.CpuUsage.TotalTime;
                rates[which].Add(await run(adapters[which]));
                busy[which] += Environment.CpuUsage.TotalTime - before;
            }

            for (var which = 0; which < adapters.Length; which++)
            {
                var name = which == 0 ? what : "+ LoRA";
                Print($"{name,-8}{size,4} {Median(rates[which]),10:f0} {rates[which].Max(),10:f0} {busy[which].TotalMilliseconds / (count * repeats),26:f2}");
            }
        }
    }

    private static async Task<GenerationUsage> Generate(
        IInferenceEngine engine, int[] prompt, int sequences, int tokens, string? adapter, CancellationToken cancellationToken)
    {
        var request = new GenerationRequest
        {
            Prompt = prompt,
            Sequences = sequences,
            Sampling = new SamplingOptions { MaxTokens = tokens, Temperature = 0.8f, TopP = 0.95f, Seed = 1 },
            Adapter = adapter,
        };
        GenerationUsage? usage = null;
        await foreach (var happened in engine.GenerateAsync(request, cancellationToken))
        {
            usage = happened as GenerationUsage;
        }

        return usage is not null && usage.GeneratedTokens == sequences * tokens
            ? usage
            : throw new InvalidOperationException("a sequence ended early: its rate would be wrong");
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

    // Plain numbers, so that no answer ends its turn: a counting text, another for every seed.
    private static int[] Prompt(LanguageModel model, int seed)
    {
        var text = string.Join(", ", Enumerable.Range(100 * (seed + 1), PrefixTokens).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        return model.Tokenizer.Encode(text, parseSpecial: false)[..PrefixTokens];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    private static string DefaultModel()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "O1Coder.sln")))
            {
                return Path.Combine(folder.FullName, "models", "qwen2.5-coder-0.5b-instruct");
            }
        }

        return Path.Combine("models", "qwen2.5-coder-0.5b-instruct");
    }
}
