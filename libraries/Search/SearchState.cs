namespace O1Coder.Search;

/// <summary>The tree of a running search, and what a rollout does to it.</summary>
internal sealed class SearchState(SearchRequest request)
{
    private readonly Dictionary<string, Judgement> _judgements = new(StringComparer.Ordinal);

    public SearchOptions Options => request.Options;

    /// <summary>The rollouts that the budget allows.</summary>
    public int Rollouts => request.Budget.Rollouts;

    public SearchTree Tree { get; } = new();

    /// <summary>Whether some program passes every visible test.</summary>
    public bool Passed => Tree.Best?.Judgement is { Accepted: true };

    /// <summary>Whether tokens or time are spent.</summary>
    public bool BudgetSpent => request.Budget.Stop.IsCancellationRequested ||
        (request.Budget.Tokens > 0 && Tree.Tokens >= request.Budget.Tokens);

    /// <summary>
    /// Asks for children of <paramref name="node"/> and adds them in the order of the allocation. The requests for the
    /// actions run side by side, so that the engine decodes them in one batch; each is seeded by
    /// mix(seed, 1, ordinals on the path…, 2, expansion number, action), which does not depend on what grew elsewhere.
    /// </summary>
    public async Task<IReadOnlyList<SearchEvent>> ExpandAsync(
        SearchNode node, IReadOnlyList<(StepAction Action, int Count)> allocation, bool greedy,
        CancellationToken cancellationToken)
    {
        var expansion = greedy ? 0 : ++node.Expansions;
        var path = node.PathFromRoot();
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calls = allocation.Select(async part =>
        {
            try
            {
                return await request.Proposer.ProposeAsync(
                    new ProposalRequest
                    {
                        Path = path,
                        Action = part.Action,
                        Count = part.Count,
                        Greedy = greedy,
                        Seed = ExpansionSeed(path, expansion, part.Action),
                    },
                    others.Token);
            }
            catch
            {
                // One failed: what the others would bring is not wanted any more.
                await others.CancelAsync();
                throw;
            }
        }).ToList();
        // Throws the error that came first in this list; a cancellation, which an error brings about, only without one.
        var answers = await Task.WhenAll(calls);

        var rewards = await RewardsAsync(path, allocation, answers, cancellationToken);
        var events = new List<SearchEvent>();
        foreach (var (part, proposals) in allocation.Zip(answers))
        {
            if (proposals.Count != part.Count)
            {
                throw new InvalidOperationException(
                    $"the proposer gave {proposals.Count} steps for action {part.Action}: expected {part.Count}");
            }

            foreach (var proposal in proposals)
            {
                events.Add(Add(node, part.Action, proposal, proposal.Terminal ? null : rewards?.Dequeue()));
            }
        }

        return events;
    }

    /// <summary>The leaf's verdict, asked for or taken over from an equal program; null when it holds no program.</summary>
    public async Task<ProgramJudged?> JudgeAsync(SearchNode leaf, CancellationToken cancellationToken)
    {
        if (leaf.Program is not { } program)
        {
            return null;
        }

        var reused = _judgements.TryGetValue(program, out var judgement);
        if (judgement is null)
        {
            judgement = await request.Judge.JudgeAsync(program, cancellationToken);
            _judgements.Add(program, judgement);
        }

        var value = judgement.Excluded ? 0 : TerminalValue.Of(judgement, Options.CompileWeight);
        var judged = new ProgramJudged(leaf.Number, program, judgement, value, reused);
        Tree.Apply(judged);
        return judged;
    }

    /// <summary>Backs the leaf's value up to the root; a leaf without a program is worth 0.</summary>
    public RolloutFinished BackUp(SearchNode leaf)
    {
        var finished = new RolloutFinished(
            Tree.Rollouts + 1, [.. leaf.PathFromRoot().Select(node => node.Number)], leaf.OwnValue ?? 0);
        Tree.Apply(finished);
        return finished;
    }

    private ulong ExpansionSeed(IReadOnlyList<SearchNode> path, int expansion, StepAction action)
    {
        ulong[] values = [1, .. path.Skip(1).Select(node => (ulong)node.Ordinal), 2, (ulong)expansion, (ulong)action];
        return SplitMix64.Mix(Options.Seed, values);
    }

    // One for each unfinished proposal, in the order in which they join the tree; null where none are wanted.
    private async Task<Queue<double>?> RewardsAsync(
        IReadOnlyList<SearchNode> path, IReadOnlyList<(StepAction Action, int Count)> allocation,
        IReadOnlyList<IReadOnlyList<Proposal>> answers, CancellationToken cancellationToken)
    {
        var candidates = allocation.Zip(answers)
            .SelectMany(part => part.Second.Where(proposal => !proposal.Terminal)
                .Select(proposal => new StepCandidate(part.First.Action, proposal.Text)))
            .ToList();
        if (Options.ProcessRewardWeight == 0 || candidates.Count == 0)
        {
            return null;
        }

        var rewards = await request.Evaluator!.EvaluateAsync(path, candidates, cancellationToken);
        return rewards.Count == candidates.Count && rewards.All(reward => reward is >= 0 and <= 1)
            ? new Queue<double>(rewards)
            : throw new InvalidOperationException(
                $"the evaluator gave {rewards.Count} rewards ({string.Join(", ", rewards)}): expected {candidates.Count} in [0, 1]");
    }

    private NodeAdded Add(SearchNode parent, StepAction action, Proposal proposal, double? reward)
    {
        var added = new NodeAdded(
            Tree.Nodes.Count, parent.Number, action, parent.Depth + 1, proposal.Text, proposal.Terminal, proposal.Tokens, reward)
        {
            Tail = proposal.Tail,
        };
        Tree.Apply(added);
        var node = Tree.Nodes[^1];
        node.Carry = proposal.Carry;
        node.Program = proposal.Terminal ? proposal.Program : null;
        return added;
    }
}
