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
        var command = new Command("engine", "Tokens a second of the inference engine.") { model, threads, precision, tokens, repeats };
        command.SetAction((parsed, cancellationToken) => Run(
            parsed.GetValue(model)!,
            new EngineOptions { Threads = parsed.GetValue(threads), Precision = parsed.GetValue(precision) },
            parsed.GetValue(tokens),
            parsed.GetValue(repeats),
            cancellationToken));
        return command;
    }

    private static async Task Run(string folder, EngineOptions options, int tokens, int repeats, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var model = LanguageModel.Open(folder, cancellationToken: cancellationToken);
        var opened = clock.Elapsed;
        await using var engine = OnnxEngine.Load(model, options);
        Print($"model {model.Id}, {engine.Description.Backend}, {engine.Description.Precision}, {options.Threads} threads");
        Print($"opening the model {opened.TotalSeconds:f2} s (hashes checked), loading the engine {engine.Description.LoadTime.TotalSeconds:f2} s");
        Print($"resident memory {Environment.WorkingSet >> 20} MiB");

        // Processor time hardly depends on what else the machine does; the rates do.
        Print($"{"",12} {"median",10} {"best",10}  tokens/s {"CPU ms a token",16}");

        var seed = 0;
        var prefill = new List<double>();
        var busy = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < repeats; i++)
        {
            var usage = await Generate(engine, Prompt(model, seed++), 1, 1, cancellationToken);
            prefill.Add(usage.PromptTokens / usage.PrefillTime.TotalSeconds);
        }

        Row("prefill", PrefixTokens, prefill, Environment.CpuUsage.TotalTime - busy, PrefixTokens * repeats);
        var shared = Prompt(model, seed);
        await Generate(engine, shared, s_batches[^1], tokens, cancellationToken);
        foreach (var batch in s_batches)
        {
            var decode = new List<double>();
            busy = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < repeats; i++)
            {
                // The first token comes out of prefill.
                var usage = await Generate(engine, shared, batch, tokens + 1, cancellationToken);
                decode.Add(batch * tokens / usage.DecodeTime.TotalSeconds);
            }

            Row("decode", batch, decode, Environment.CpuUsage.TotalTime - busy, batch * tokens * repeats);
        }

        Print($"resident memory {Environment.WorkingSet >> 20} MiB");
    }

    private static void Row(string what, int size, List<double> rates, TimeSpan busy, int tokens) => Print(
        $"{what,-8}{size,4} {Median(rates),10:f0} {rates.Max(),10:f0} {busy.TotalMilliseconds / tokens,26:f2}");

    private static async Task<GenerationUsage> Generate(
        IInferenceEngine engine, int[] prompt, int sequences, int tokens, CancellationToken cancellationToken)
    {
        var request = new GenerationRequest
        {
            Prompt = prompt,
            Sequences = sequences,
            Sampling = new SamplingOptions { MaxTokens = tokens, Temperature = 0.8f, TopP = 0.95f, Seed = 1 },
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

    // Plain numbers, so that no answer ends its turn: a counting text, another for every seed.
    private static int[] Prompt(LanguageModel model, int seed)
    {
        var text = string.Join(", ", Enumerable.Range(100 * (seed + 1), PrefixTokens).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        return model.Tokenizer.Encode(text, parseSpecial: false)[..PrefixTokens];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    internal static string DefaultModel()
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
