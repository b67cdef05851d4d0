namespace O1Coder.Search.Tests;

/// <summary>
/// A model whose every answer is a function of what it is asked, as a real one's is, and that answers when it pleases: many
/// asks are under way at once and come back in an order of its own.
/// </summary>
/// <param name="passRate">How many of 1000 programs pass.</param>
/// <param name="order">Where the order of answers comes from; null to answer at once.</param>
internal sealed class SeededModel(int passRate, Random? order) : IProposer, IJudge, IStepEvaluator, IReflector, IComparer
{
    private readonly Lock _lock = new();
    private int _underWay;

    /// <summary>The most proposals that were under way at once.</summary>
    public int MostUnderWay { get; private set; }

    public async Task<IReadOnlyList<Proposal>> ProposeAsync(ProposalRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            MostUnderWay = Math.Max(MostUnderWay, ++_underWay);
        }

        try
        {
            await WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _underWay--;
            }
        }

        var code = request.Action.WritesProgram();
        return
        [
            .. Enumerable.Range(0, request.Count).Select(i =>
            {
                var chance = new SplitMix64(SplitMix64.Mix(request.Seed, (ulong)i, request.Feedback is null ? 0UL : 1));
                var name = $"{request.Action} {chance.Next() % 100_000}";
                return new Proposal
                {
                    Text = name,
                    Tokens = 5 + chance.Below(20),
                    Terminal = code,
                    Program = code && chance.Below(20) > 0 ? name : null,
                    LogProbability = request.LogProbabilities ? -chance.Below(1000) / 10.0 : null,
                    Carry = name,
                };
            }),
        ];
    }

    public async Task<Judgement> JudgeAsync(string program, bool trace, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        var chance = new SplitMix64(Number(program));
        var passed = chance.Below(1000) < passRate ? 4 : chance.Below(4);
        var compiled = passed > 0 || chance.Below(2) == 0;
        return new Judgement
        {
            Compiled = compiled,
            Passed = passed,
            Total = 4,
            Verdict = passed == 4 ? "Accepted" : compiled ? "WrongAnswer" : "CompileError",
            Excluded = chance.Below(30) == 0,
            Failure = trace ? "line 1" : "",
        };
    }

    public async Task<IReadOnlyList<double>> EvaluateAsync(
        IReadOnlyList<SearchNode> path, IReadOnlyList<StepCandidate> candidates, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        return [.. candidates.Select(one => Number(one.Text) % 101 / 100.0)];
    }

    public async Task<Reflection> ReflectAsync(ReflectionRequest request, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        return new Reflection($"feedback {request.Seed % 1000}", 7);
    }

    public async Task<double> CompareAsync(string first, string second, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        return SplitMix64.Mix(Number(first), Number(second)) % 101 / 100.0;
    }

    private static ulong Number(string text) => text.Aggregate(17UL, (hash, letter) => SplitMix64.Mix(hash, letter));

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (order is null)
        {
            return;
        }

        int turns;
        lock (_lock)
        {
            turns = order.Next(0, 12);
        }

        for (var i = 0; i < turns; i++)
        {
            await Task.Yield();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
