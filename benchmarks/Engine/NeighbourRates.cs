using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>Decoding at batch 1 beside busy processes, as a share of the rate on the idle machine, ours and theirs in turn.</summary>
internal sealed class NeighbourRates(Contender ours, LlamaBuild theirs, LanguageModel model, EngineResults results)
{
    private const int Prefix = 16;
    private const int Tokens = 64;

    // Fewer: it can fall to a hundredth and must come to an end too.
    private const int PeerTokens = 16;

    /// <summary>Measures.</summary>
    /// <param name="counts">Numbers of busy processes.</param>
    /// <param name="rounds">How often each.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task Run(IReadOnlyList<int> counts, int rounds, CancellationToken cancellationToken)
    {
        var prompt = EngineRates.Prompt(model, 0, Prefix);
        await EngineRates.Warm(ours, prompt, 1, cancellationToken);
        var idle = await Measure(0);
        foreach (var count in counts)
        {
            // Threads that want a core each get an equal part of it.
            var fair = Math.Min(1, (double)Environment.ProcessorCount / (results.Threads + count));
            var busy = await Measure(count);
            Line("ours", Spread.Of(busy.Ours).Median, Spread.Of(idle.Ours).Median);
            Line("llama.cpp", Spread.Of(busy.Theirs).Median, Spread.Of(idle.Theirs).Median);

            void Line(string name, double rate, double alone) => EngineResults.Print(
                $"    {name,-10} {rate,8:f1} of {alone:f1} tokens/s: {100 * rate / alone:f0} % of the idle rate; the fair share is {100 * fair:f0} %, so {100 * rate / (alone * fair):f0} % of that");
        }

        async Task<Duel> Measure(int count)
        {
            var duel = new Duel(count == 0 ? "decode, idle" : $"decode, {count} busy beside", "tokens/s", null);
            using (new Neighbours(count))
            {
                for (var round = 0; round < rounds; round++)
                {
                    duel.Ours.Add(await EngineRates.Decode(ours, prompt, 1, Tokens, cancellationToken));
                    (var rate, results.Peer) = await theirs.Decode(Prefix, PeerTokens, cancellationToken);
                    duel.Theirs.Add(rate);
                }
            }

            results.Add(duel);
            return duel;
        }
    }
}
