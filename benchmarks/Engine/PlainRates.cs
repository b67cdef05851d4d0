using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// Parts (a) to (c): one sequence, several that share a prefix, a prompt; ours in this process with sampling, llama.cpp by its
/// own benchmarks without, in turn. Each starts every other round.
/// </summary>
internal sealed class PlainRates(Contender ours, LlamaBuild theirs, LanguageModel model, EngineResults results)
{
    private const int Prefix = 256;
    private const int Prompt = 512;
    private const int OneTokens = 64;
    private const int BatchTokens = 32;
    private const int WarmingPrompts = 3;

    // Batch sizes and what ours ÷ theirs is to be.
    private static readonly (int Size, double ToReach)[] s_batches = [(4, 1.8), (8, 2.5), (16, 1.8)];

    private int _seed = 100;

    /// <summary>Part (a): decoding at batch 1.</summary>
    public async Task One(int rounds, CancellationToken cancellationToken)
    {
        var duel = new Duel("(a) decode, 1 sequence", "tokens/s", 1.25);
        var shared = EngineRates.Prompt(model, _seed++, Prefix);
        await EngineRates.Warm(ours, shared, 1, cancellationToken);
        await Rounds(rounds, [
            async () => duel.Ours.Add(await EngineRates.Decode(ours, shared, 1, OneTokens, cancellationToken)),
            async () =>
            {
                (var rate, results.Peer) = await theirs.Decode(Prefix, OneTokens, cancellationToken);
                duel.Theirs.Add(rate);
            },
        ]);
        results.Add(duel);
        var bandwidth = Rooflines.ReadBandwidth(results.Threads);
        var bytes = Rooflines.WeightBytes(model.Parameters);
        results.Add(new Roofline(duel.Name, "memory", bandwidth / 1e9, "GB/s read", bytes / 1e6, "MB of weights a token", bandwidth / bytes), duel);
    }

    /// <summary>Part (b): decoding several sequences.</summary>
    public async Task Batches(int rounds, CancellationToken cancellationToken)
    {
        var duels = s_batches.ToDictionary(batch => batch.Size, batch => new Duel($"(b) decode, {batch.Size} sequences", "tokens/s", batch.ToReach));
        var shared = EngineRates.Prompt(model, _seed++, Prefix);
        foreach (var batch in duels.Keys)
        {
            await EngineRates.Warm(ours, shared, batch, cancellationToken);
        }

        await Rounds(rounds, [
            async () =>
            {
                foreach (var (batch, duel) in duels)
                {
                    duel.Ours.Add(await EngineRates.Decode(ours, shared, batch, BatchTokens, cancellationToken));
                }
            },
            async () =>
            {
                foreach (var (batch, rate) in await theirs.DecodeBatches(Prefix, BatchTokens, duels.Keys, cancellationToken))
                {
                    duels[batch].Theirs.Add(rate);
                }
            },
        ]);
        foreach (var duel in duels.Values)
        {
            results.Add(duel);
        }
    }

    /// <summary>Part (c): prefill.</summary>
    public async Task Prefill(int rounds, CancellationToken cancellationToken)
    {
        var duel = new Duel($"(c) prefill of {Prompt} tokens", "tokens/s", 1.75);
        for (var i = 0; i < WarmingPrompts; i++)
        {
            await EngineRates.Prefill(ours, EngineRates.Prompt(model, _seed++, Prompt), cancellationToken);
        }

        await Rounds(rounds, [
            async () => duel.Ours.Add(await EngineRates.Prefill(ours, EngineRates.Prompt(model, _seed++, Prompt), cancellationToken)),
            async () => duel.Theirs.Add(await theirs.Prefill(Prompt, cancellationToken)),
        ]);
        results.Add(duel);
        var (rate, instructions) = Rooflines.MultiplyAdds(results.Threads);
        var needed = Rooflines.MultiplyAddsOfPrefill(model.Parameters, Prompt);
        results.Add(new Roofline(duel.Name, $"multiply-add ({instructions})", rate / 1e9, "G multiply-adds/s", needed / 1e6, "M multiply-adds a token", rate / needed), duel);
    }

    private static async Task Rounds(int rounds, Func<Task>[] sides)
    {
        for (var round = 0; round < rounds; round++)
        {
            await sides[round % 2]();
            await sides[(round + 1) % 2]();
        }
    }
}
