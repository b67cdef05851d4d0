using System.Threading.Channels;

namespace O1Coder.Search;

/// <summary>
/// One rollout under way. It asks for steps and verdicts beside other rollouts; what comes of it waits as drafts until
/// its turn, so that the tree changes in the order in which rollouts were chosen, whatever comes back first.
/// </summary>
/// <param name="number">The rollout's number, from 1.</param>
/// <param name="state">The search.</param>
/// <param name="run">The method.</param>
/// <param name="drafts">Takes what is worked out, in order.</param>
internal sealed class Rollout(int number, SearchState state, MethodRun run, ChannelWriter<Draft> drafts)
{
    /// <summary>The rollout's number, from 1.</summary>
    public int Number => number;

    /// <summary>The constants.</summary>
    public SearchOptions Options => state.Options;

    /// <summary>
    /// Asks for children of <paramref name="node"/>, which join the tree in the order of the allocation. The requests for
    /// the actions run side by side, so that the engine decodes them in one batch; each is seeded by mix(node's key, 2,
    /// expansion, action), which does not depend on what grew elsewhere.
    /// </summary>
    /// <param name="node">A node in the tree, or one that this rollout brought.</param>
    /// <param name="expansion">Which expansion of the node it is, from 1; a greedy one is 0.</param>
    /// <param name="allocation">The actions with their counts.</param>
    /// <param name="want">What is wanted with the steps.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="feedback">See <see cref="ProposalRequest.Feedback"/>.</param>
    /// <param name="opening">See <see cref="ProposalRequest.Opening"/>.</param>
    public async Task<IReadOnlyList<SearchNode>> ExpandAsync(
        SearchNode node, int expansion, IReadOnlyList<(StepAction Action, int Count)> allocation, Wanted want,
        CancellationToken cancellationToken, string? feedback = null, string? opening = null)
    {
        var path = node.PathFromRoot();
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calls = allocation.Select(async part =>
        {
            try
            {
                return await state.Request.Proposer.ProposeAsync(
                    new ProposalRequest
                    {
                        Path = path,
                        Action = part.Action,
                        Count = part.Count,
                        Greedy = want.HasFlag(Wanted.Greedy),
                        LogProbabilities = want.HasFlag(Wanted.LogProbabilities),
                        Feedback = feedback,
                        Opening = opening,
                        Seed = SeedOf(node, expansion, part.Action),
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
        foreach (var (part, proposals) in allocation.Zip(answers))
        {
            if (proposals.Count != part.Count)
            {
                throw new InvalidOperationException(
                    $"the proposer gave {proposals.Count} steps for action {part.Action}: expected {part.Count}");
            }
        }

        var rewards = want.HasFlag(Wanted.Rewards) ? await RewardsAsync(path, allocation, answers, want, cancellationToken) : null;
        var priors = Priors.Of(want, [.. answers.SelectMany(proposals => proposals)]);
        var children = new List<SearchNode>();
        foreach (var (part, proposals) in allocation.Zip(answers))
        {
            for (var i = 0; i < proposals.Count; i++)
            {
                children.Add(Add(
                    node, part.Action, proposals[i], SeedOf(node, expansion, part.Action), (ulong)i,
                    IsRewarded(proposals[i], want) ? rewards?.Dequeue() : null, priors?[children.Count]));
            }
        }

        return children;
    }

    /// <summary>The verdict on a node's program; null when it holds none.</summary>
    /// <param name="node">The node; not judged before.</param>
    /// <param name="trace">See <see cref="IJudge.JudgeAsync"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Judgement?> JudgeAsync(SearchNode node, bool trace, CancellationToken cancellationToken)
    {
        var judgement = await VerdictOfAsync(node, trace, cancellationToken);
        if (judgement is not null)
        {
            Record(node, judgement);
        }

        return judgement;
    }

    /// <summary>
    /// Judges a leaf and backs its value up; one without a program is worth 0, one on which the judge failed gets no visit.
    /// </summary>
    /// <param name="leaf">Where the path ends; not judged before.</param>
    /// <param name="backup">How the value goes up.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FinishAsync(SearchNode leaf, IBackup backup, CancellationToken cancellationToken)
    {
        if (ValueOf(await JudgeAsync(leaf, trace: false, cancellationToken)) is { } value)
        {
            BackUp(leaf, value, backup);
        }
    }

    /// <summary>
    /// The same without a word to the tree: for several programs at once, which are recorded in their order afterwards.
    /// </summary>
    public async Task<Judgement?> VerdictOfAsync(SearchNode node, bool trace, CancellationToken cancellationToken) =>
        node.Program is { } program ? await state.JudgementOfAsync(program, trace, cancellationToken) : null;

    /// <summary>Tells the tree a program's verdict.</summary>
    /// <param name="node">A node with a program, not judged before.</param>
    /// <param name="judgement">As <see cref="VerdictOfAsync"/> gave it.</param>
    public void Record(SearchNode node, Judgement judgement)
    {
        var program = node.Program!;
        var value = ValueOf(judgement) ?? 0;
        Write(tree =>
        {
            var reused = tree.JudgementOf(program) is not null;
            var judged = new ProgramJudged(node.Number, program, judgement, value, reused);
            tree.Apply(judged);
            return judged;
        });
    }

    /// <summary>v = α·compile + (1−α)·pass; null for a judgement that says nothing about the program.</summary>
    public double? ValueOf(Judgement? judgement) => judgement switch
    {
        null => 0,
        { Excluded: true } => null,
        _ => TerminalValue.Of(judgement, Options.CompileWeight),
    };

    /// <summary>Asks for words about a node, which are kept with it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="attempt">Which reflection on the node it is, from 1.</param>
    /// <param name="kind">What is reflected on.</param>
    /// <param name="program">The program that is spoken of.</param>
    /// <param name="judgement">What the judge said of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<string> ReflectAsync(
        SearchNode node, int attempt, ReflectionKind kind, string program, Judgement judgement, CancellationToken cancellationToken)
    {
        var seed = SplitMix64.Mix(node.Key, 4, (ulong)kind, (ulong)attempt);
        var reflection = await state.Request.Reflector!.ReflectAsync(
            new ReflectionRequest { Path = node.PathFromRoot(), Kind = kind, Program = program, Judgement = judgement, Seed = seed },
            cancellationToken);
        if (node.BornIn == number)
        {
            // Nobody else knows the node yet; of others' nodes only the loop may change anything.
            node.Feedback = reflection.Text;
        }

        Write(tree =>
        {
            var reflected = new NodeReflected(node.Number, reflection.Text, reflection.Tokens) { Seed = seed };
            tree.Apply(reflected);
            return reflected;
        });
        return reflection.Text;
    }

    /// <summary>Has a step written anew in its place, in the light of what was said about it.</summary>
    /// <param name="node">
    /// A node without unfinished children that this rollout brought or alone is at: nobody else may read it meanwhile.
    /// </param>
    /// <param name="revision">Which revision it is, from 1.</param>
    /// <param name="feedback">What was said.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether it was: not when the proposer has no room for another step.</returns>
    public async Task<bool> ReviseAsync(SearchNode node, int revision, string feedback, CancellationToken cancellationToken)
    {
        var seed = SplitMix64.Mix(node.Key, 5, (ulong)revision);
        var proposals = await state.Request.Proposer.ProposeAsync(
            new ProposalRequest
            {
                Path = node.Parent!.PathFromRoot(),
                Action = node.Action,
                Count = 1,
                Revises = node,
                Feedback = feedback,
                Seed = seed,
            },
            cancellationToken);
        var proposal = proposals.Count == 1
            ? proposals[0]
            : throw new InvalidOperationException($"the proposer gave {proposals.Count} steps for a revision: expected 1");
        if (proposal.Terminal)
        {
            return false;
        }

        node.Text = proposal.Text;
        node.Carry = proposal.Carry;
        Write(tree =>
        {
            var revised = new NodeRevised(node.Number, proposal.Text, proposal.Tokens) { Tail = proposal.Tail, Seed = seed, Carry = proposal.Carry };
            tree.Apply(revised);
            return revised;
        });
        return true;
    }

    /// <summary>
    /// Has pairs of programs compared, side by side, and tells the tree in the order of the list. Equal programs are as good
    /// as each other without asking.
    /// </summary>
    /// <param name="pairs">Nodes with programs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task CompareAsync(IReadOnlyList<(SearchNode First, SearchNode Second)> pairs, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(pairs.Select(pair => pair.First.Program == pair.Second.Program
            ? Task.FromResult(0.5)
            : state.Request.Comparer!.CompareAsync(pair.First.Program!, pair.Second.Program!, cancellationToken)));
        foreach (var ((first, second), preference) in pairs.Zip(answers))
        {
            if (preference is not (>= 0 and <= 1))
            {
                throw new InvalidOperationException($"the comparer gave {preference}: expected a number in [0, 1]");
            }

            Write(tree =>
            {
                var compared = new NodesCompared(first.Number, second.Number, preference);
                tree.Apply(compared);
                return compared;
            });
        }
    }

    /// <summary>Backs a value up to the root.</summary>
    /// <param name="leaf">Where the path ends.</param>
    /// <param name="value">The value.</param>
    /// <param name="backup">How it goes up.</param>
    public void BackUp(SearchNode leaf, double value, IBackup backup) => Write(tree =>
    {
        var path = leaf.PathFromRoot();
        var (values, assigned) = backup.Up(tree, path, value);
        var finished = new RolloutFinished(tree.Rollouts + 1, [.. path.Select(node => node.Number)], value)
        {
            Values = values,
            Assigned = assigned,
        };
        tree.Apply(finished);
        return finished;
    });

    /// <summary>A generator for a choice at a node, the same in every run of the search.</summary>
    public SplitMix64 Chance(SearchNode node) => new(SplitMix64.Mix(node.Key, 3, (ulong)number));

    private static ulong SeedOf(SearchNode node, int expansion, StepAction action) =>
        SplitMix64.Mix(node.Key, 2, (ulong)expansion, (ulong)action);

    // The channel has no bound: it takes every draft.
    private void Write(Draft draft) => drafts.TryWrite(draft);

    private bool Ends(Proposal proposal) => proposal.Terminal && (run.ProgramsEnd || proposal.Program is null);

    private bool IsRewarded(Proposal proposal, Wanted want) => want.HasFlag(Wanted.RewardsOfAll) || !Ends(proposal);

    // One for each proposal that is rewarded, in the order in which they join the tree.
    private async Task<Queue<double>> RewardsAsync(
        IReadOnlyList<SearchNode> path, IReadOnlyList<(StepAction Action, int Count)> allocation,
        IReadOnlyList<IReadOnlyList<Proposal>> answers, Wanted want, CancellationToken cancellationToken)
    {
        var candidates = allocation.Zip(answers)
            .SelectMany(part => part.Second.Where(proposal => IsRewarded(proposal, want))
                .Select(proposal => new StepCandidate(part.First.Action, proposal.Text)))
            .ToList();
        if (candidates.Count == 0)
        {
            return new Queue<double>();
        }

        var rewards = await state.Request.Evaluator!.EvaluateAsync(path, candidates, cancellationToken);
        return rewards.Count == candidates.Count && rewards.All(reward => reward is >= 0 and <= 1)
            ? new Queue<double>(rewards)
            : throw new InvalidOperationException(
                $"the evaluator gave {rewards.Count} rewards ({string.Join(", ", rewards)}): expected {candidates.Count} in [0, 1]");
    }

    private SearchNode Add(
        SearchNode parent, StepAction action, Proposal proposal, ulong seed, ulong index, double? reward, double? prior)
    {
        var node = new SearchNode(parent, SplitMix64.Mix(seed, index), action, proposal.Text, Ends(proposal), proposal.Tokens)
        {
            Carry = proposal.Carry,
            Program = proposal.Program,
            ProcessReward = reward,
            Prior = prior,
            LogProbability = proposal.LogProbability,
            BornIn = number,
        };
        Write(tree =>
        {
            var added = new NodeAdded(
                tree.Nodes.Count, parent.Number, action, node.Depth, proposal.Text, node.Terminal, proposal.Tokens, reward)
            {
                Prior = prior,
                LogProbability = proposal.LogProbability,
                Tail = proposal.Tail,
                Seed = seed,
                Carry = proposal.Carry,
            };
            tree.Join(node, added);
            return added;
        });
        return node;
    }
}
