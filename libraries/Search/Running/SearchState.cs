namespace O1Coder.Search;

/// <summary>A search under way: its tree, its request, and the verdicts that were asked for.</summary>
/// <param name="request">What the search works with.</param>
/// <param name="ended">Cancelled when the search is over: nothing that was asked is wanted any more.</param>
internal sealed class SearchState(SearchRequest request, CancellationToken ended)
{
    private readonly Lock _asking = new();
    private readonly Dictionary<string, Task<Judgement>> _judgements = new(StringComparer.Ordinal);

    /// <summary>What the search works with.</summary>
    public SearchRequest Request => request;

    /// <summary>The constants.</summary>
    public SearchOptions Options => request.Options;

    /// <summary>The tree. Only the search's own loop touches it.</summary>
    public SearchTree Tree { get; } = new(SplitMix64.Mix(request.Options.Seed, 1));

    /// <summary>Whether some program passes every visible test.</summary>
    public bool Passed => Tree.Best?.Judgement is { Accepted: true };

    /// <summary>Whether tokens, sandbox runs or time are spent.</summary>
    public bool BudgetSpent => request.Budget.Stop.IsCancellationRequested ||
        (request.Budget.Tokens > 0 && Tree.Tokens >= request.Budget.Tokens) ||
        (request.Budget.SandboxRuns > 0 && Tree.SandboxRuns >= request.Budget.SandboxRuns);

    /// <summary>The number of the next expansion of a node, from 1.</summary>
    public static int TakeExpansion(SearchNode node) => ++node.Expansions;

    /// <summary>The verdict on a program, asked for once however many rollouts want it.</summary>
    public Task<Judgement> JudgementOfAsync(string program, bool trace, CancellationToken cancellationToken)
    {
        Task<Judgement>? asked;
        lock (_asking)
        {
            if (!_judgements.TryGetValue(program, out asked))
            {
                // Not under the token of the rollout that happens to ask first: another may wait for the same.
                asked = request.Judge.JudgeAsync(program, trace, ended);
                _judgements.Add(program, asked);
            }
        }

        return asked.WaitAsync(cancellationToken);
    }
}
