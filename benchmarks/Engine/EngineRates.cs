using System.Diagnostics;
using System.Globalization;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>Rates of the engine by the clock of a caller of its public interface, sampling and events included.</summary>
internal static class EngineRates
{
    private const int WarmingTokens = 16;

    // Methods are compiled again when they have been called often, some tenths of a second after the last that was new.
    private static readonly TimeSpan s_warming = TimeSpan.FromSeconds(2);

    /// <summary>Tokens of a prompt that no cache held computed a second: from the request to the first token after it.</summary>
    public static async Task<double> Prefill(Contender contender, int[] prompt, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var (computed, rate) = (prompt.Length, 0.0);
        await foreach (var happened in contender.Engine.GenerateAsync(Request(contender, prompt, 1, 1, 0), cancellationToken))
        {
            switch (happened)
            {
                case PromptAccepted accepted:
                    computed = prompt.Length - accepted.CachedTokens;
                    break;
                case SequenceChunk:
                    rate = computed / Stopwatch.GetElapsedTime(begun).TotalSeconds;
                    break;
            }
        }

        return rate > 0 ? rate : throw new InvalidOperationException("no token came");
    }

    /// <summary>
    /// Tokens decoded a second, all sequences together: from when every sequence has told its first, which comes out of
    /// prefill, to the last.
    /// </summary>
    /// <param name="contender">The engine.</param>
    /// <param name="prompt">What all sequences of an adapter continue.</param>
    /// <param name="sequences">How many.</param>
    /// <param name="tokens">Tokens of each that count.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<double> Decode(
        Contender contender, int[] prompt, int sequences, int tokens, CancellationToken cancellationToken)
    {
        var (begun, parts) = (new HashSet<(int, int)>(), Math.Min(sequences, contender.Adapters.Length));
        var (start, end, before, all) = (0L, 0L, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, parts).Select(Part));
        return all == sequences * (tokens + 1)
            ? (all - before) / Stopwatch.GetElapsedTime(start, end).TotalSeconds
            : throw new InvalidOperationException("a sequence ended early: its rate would be wrong");

        async Task Part(int part)
        {
            var count = (sequences * (part + 1) / parts) - (sequences * part / parts);
            await foreach (var happened in contender.Engine.GenerateAsync(Request(contender, Own(prompt, part), count, tokens + 1, part), cancellationToken))
            {
                if (happened is SequenceChunk chunk)
                {
                    lock (begun)
                    {
                        all += chunk.Tokens.Count;
                        end = Stopwatch.GetTimestamp();
                        if (begun.Count < sequences && begun.Add((part, chunk.Sequence)) && begun.Count == sequences)
                        {
                            (start, before) = (end, all);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Decodes until the code that does it has been compiled for good, some seconds.</summary>
    public static async Task Warm(Contender contender, int[] prompt, int sequences, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < s_warming)
        {
            await Decode(contender, prompt, sequences, WarmingTokens, cancellationToken);
        }
    }

    /// <summary>Plain numbers, so that no answer ends its turn: a counting text, another for every seed.</summary>
    public static int[] Prompt(LanguageModel model, int seed, int length)
    {
        var text = string.Join(", ", Enumerable.Range(100 * (seed + 1), length).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        return model.Tokenizer.Encode(text, parseSpecial: false)[..length];
    }

    // Keys and values are shared by sequences of one adapter alone: a part has a prompt of its own, so that there is as much to
    // attend to without adapters.
    private static int[] Own(int[] prompt, int part) => [.. prompt[part..], .. prompt[..part]];

    private static GenerationRequest Request(Contender contender, int[] prompt, int sequences, int tokens, int adapter) => new()
    {
        Prompt = prompt,
        Sequences = sequences,
        Sampling = new SamplingOptions { MaxTokens = tokens, Temperature = 0.8f, TopP = 0.95f, Seed = 1 },
        Adapter = contender.Adapters[adapter],
    };
}
