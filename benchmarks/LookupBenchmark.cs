using System.CommandLine;
using System.Globalization;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// Prompt lookup: decoding with and without guesses, in turn, on an answer that repeats much of its prompt, as a refined
/// program does, and on one that repeats little. The answers must be the same to the bit.
/// </summary>
internal static class LookupBenchmark
{
    private static readonly int[] s_batches = [1, 2, 4, 6, 8, 16];

    private const string Program = """
        def summarize(orders, discounts):
            totals = {}
            for order in orders:
                customer = order["customer"]
                amount = order["price"] * order["count"]
                if customer in discounts:
                    amount = amount * (1 - discounts[customer])
                if customer in totals:
                    totals[customer] = totals[customer] + amount
                else:
                    totals[customer] = amount
            result = []
            for customer in totals:
                result.append((customer, round(totals[customer], 2)))
            result.sort(key=lambda pair: (-pair[1], pair[0]))
            return result
        """;

    public static Command Command()
    {
        var model = new Option<string>("--model") { Description = "Folder of the model.", DefaultValueFactory = _ => EngineBenchmark.DefaultModel() };
        var threads = new Option<int>("--threads") { Description = "Threads that compute.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var tokens = new Option<int>("--tokens") { Description = "Tokens of an answer.", DefaultValueFactory = _ => 128 };
        var repeats = new Option<int>("--repeats") { Description = "Runs of each; medians are printed.", DefaultValueFactory = _ => 3 };
        var batches = new Option<int[]>("--batches")
        {
            Description = "Sequences at once.",
            DefaultValueFactory = _ => s_batches,
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("lookup", "Decoding with and without prompt lookup.") { model, threads, tokens, repeats, batches };
        command.SetAction((parsed, cancellationToken) => Run(
            parsed.GetValue(model)!,
            parsed.GetValue(threads),
            parsed.GetValue(tokens),
            parsed.GetValue(repeats),
            parsed.GetValue(batches)!,
            cancellationToken));
        return command;
    }

    private static async Task Run(string folder, int threads, int tokens, int repeats, int[] batches, CancellationToken cancellationToken)
    {
        using var model = LanguageModel.Open(folder, cancellationToken: cancellationToken);
        await using var engine = InferenceEngines.Load(model, new EngineOptions { Threads = threads, Backend = EngineBackend.Cpu });
        var cases = new (string Name, string Text)[]
        {
            ("refine", $"```python\n{Program}\n```\n\nRewrite this function so that an order with a count of 0 is skipped. Give the complete function."),
            ("write", "Write a Python class for a binary search tree with insert, delete and an iterator over its keys."),
        };
        Console.WriteLine("                     tokens/s     with guesses    ratio");
        foreach (var (name, text) in cases)
        {
            var prompt = model.ChatTemplate.Render(
                [new ChatMessage(ChatRole.System, "You are an expert Python programmer."), new ChatMessage(ChatRole.User, text)], addGenerationPrompt: true);
            foreach (var batch in batches)
            {
                var rates = new[] { new List<double>(), new List<double>() };
                var answers = new string[2];
                for (var i = 0; i < 2 * repeats; i++)
                {
                    var request = new GenerationRequest
                    {
                        Prompt = prompt,
                        Sequences = batch,
                        PromptLookup = i % 2 == 1,
                        Gather = int.MaxValue,
                        Sampling = new SamplingOptions { MaxTokens = tokens, Temperature = 0.3f, TopP = 0.95f, Seed = (ulong)(i / 2), SamplingLogProbabilities = true },
                    };
                    (answers[i % 2], var rate) = await Generate(engine, request, cancellationToken);
                    rates[i % 2].Add(rate);
                    if (i % 2 == 1 && answers[0] != answers[1])
                    {
                        throw new InvalidOperationException("the answers with and without guesses differ");
                    }
                }

                var ratios = rates[0].Zip(rates[1], (without, with) => with / without).ToList();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-8} batch {batch,2} {Median(rates[0]),12:f0} {Median(rates[1]),16:f0} {Median(ratios),8:f2} ({ratios.Min():f2} to {ratios.Max():f2})"));
            }
        }
    }

    private static async Task<(string Answer, double Rate)> Generate(IInferenceEngine engine, GenerationRequest request, CancellationToken cancellationToken)
    {
        var told = new List<string>();
        GenerationUsage? usage = null;
        await foreach (var happened in engine.GenerateAsync(request, cancellationToken))
        {
            usage = happened as GenerationUsage;
            if (happened is SequenceChunk chunk)
            {
                told.AddRange(chunk.Tokens.Select((token, i) =>
                    $"{chunk.Sequence}:{token}:{BitConverter.SingleToInt32Bits(chunk.ModelLogProbabilities[i])}:{BitConverter.SingleToInt32Bits(chunk.SamplingLogProbabilities[i])}"));
            }
        }

        return (string.Join(' ', told.OrderBy(one => int.Parse(one.AsSpan(0, one.IndexOf(':')), CultureInfo.InvariantCulture))), usage!.GeneratedTokens / usage.DecodeTime.TotalSeconds);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
