namespace O1Coder.Search;

/// <summary>
/// RethinkMCTS (Li et al. 2024, arXiv 2409.09584; code: SIMONLQY/RethinkMCTS, <c>models/RethinkMCTS.py</c>): nodes are
/// thoughts, steps of reasoning in words. A rollout goes down by P-UCB, Q(s,a) + β(s)·p(a|s)·sqrt(ln N(s)) / (1 + N(s,a))
/// with β(s) = ln((N(s) + c_base + 1)/c_base) + c, to a thought that was not tried. The model writes the program that
/// follows from the thoughts so far; v is the share of public tests that pass, and (1 − b)·1 + b·v_llm when all do,
/// v_llm ∈ [−1, 1] being what the model thinks of the program. When a test fails the model is shown its trace and says
/// what is wrong; the thought is written anew in its light, once, and tried again; then it gets its children, written
/// in the light of what was said last. Q is the largest return (<see cref="MaxBackup"/>). The answer is the program with
/// the largest share of public tests.
/// <para>
/// In this tree a thought's programs are finished children of it, which selection does not enter; of a thought that was
/// written anew the older program stays, judged and without a visit, so that it can still be the answer and no step's
/// value is learnt from it. N(s) counts one visit of the node's own, as in the code. A child under way counts as a visit
/// in N(s) and N(s,a) (WU-UCT's rule put to this formula). The root's thoughts come with the first rollout, which tries
/// the most reasonable; the others wait for it.
/// </para>
/// <para>
/// p is how reasonable the model finds a thought among its siblings, which the paper asks it for; here it is the process
/// reward over the siblings' sum where <see cref="SearchOptions.ProcessRewardWeight"/> is above 0, else equal. v_llm is
/// 2r − 1, r being the program's process reward, asked for where it can change anything: with rewards, in a search
/// that goes on after a program has passed. Without it v is the share.
/// </para>
/// </summary>
public sealed class RethinkSearch : SearchMethod
{
    private static readonly MethodSetting s_times = MethodSetting.Number(
        "think-times", 2, 1, 8, "times that a thought is tried: 2 is one rethinking, 1 none", "paper: once; code: max_think_times 2");

    private static readonly MethodSetting s_gamma = MethodSetting.Number(
        "gamma", 1, 0, 1, "γ, what a return loses on each thought's way up", "paper: names none; code: 0.9");

    private static readonly MethodSetting s_base = MethodSetting.Number(
        "c-base", 10, 1, 1e9, "c_base of β(s)", "paper and code: 10");

    private static readonly MethodSetting s_self = MethodSetting.Number(
        "self-evaluation", 0.2, 0, 0.5, "b, the weight of v_llm", "paper and code: 0.2");

    private static readonly MethodSetting s_rethought = MethodSetting.Choice(
        "rethought-prior", ["kept", "one"], "p of a thought that was written anew", "paper: names none; code: 1");

    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "rethink",
        Summary = "thoughts that are written anew when their program fails a test",
        Paper = "RethinkMCTS, arXiv 2409.09584",
        Needs = "a model that reasons in words and learns from a failing test's trace; the untrained embedded one does neither",
        Settings = [s_times, s_gamma, s_base, s_self, s_rethought],
        Defaults = new SearchOptions
        {
            // 16 rollouts cannot go deeper.
            Method = "rethink",
            Exploration = 4,
            SamplesPerExpansion = 3,
            MaxDepth = 18,
            CompileWeight = 0,
            FastAnswer = false,
        },
    };

    private protected override void Demand(SearchRequest request) => OptionCheck.Require(
        request.Reflector is not null, nameof(SearchRequest.Reflector), "absent", $"a reflector, as method is {Description.Name}");

    private protected override MethodRun Begin(SearchState state) => new Run(state);

    private sealed class Run : MethodRun
    {
        private readonly SearchOptions _options;
        private readonly MaxBackup _backup;
        private readonly HashSet<SearchNode> _closed = [];

        public Run(SearchState state)
            : base(state)
        {
            _options = state.Options;
            _backup = new MaxBackup(s_gamma.In(_options));
        }

        private bool HasRewards => _options.ProcessRewardWeight > 0;

        public override Choice? Next(int number)
        {
            var root = State.Tree.Root;
            if (number == 1 && State.Options.FastAnswer)
            {
                return new Choice(root, (rollout, cancellationToken) => TryAsync(rollout, root, 0, Wanted.Greedy, cancellationToken));
            }

            if (IsFastAnswerUnderWay)
            {
                return null;
            }

            if (_options.MaxDepth < 2)
            {
                // No room for a thought and its program: programs alone.
                var which = SearchState.TakeExpansion(root);
                return new Choice(root, (rollout, cancellationToken) => TryAsync(rollout, root, which, Wanted.Steps, cancellationToken));
            }

            if (root.Expansions == 0)
            {
                SearchState.TakeExpansion(root);
                return new Choice(root, (rollout, cancellationToken) => BeginAsync(rollout, root, cancellationToken));
            }

            var node = root;
            while (BestOf(node) is { } child)
            {
                if (!IsEntered(child))
                {
                    return new Choice(child, (rollout, cancellationToken) => RethinkAsync(rollout, child, cancellationToken));
                }

                node = child;
            }

            return null;
        }

        private SearchNode? BestOf(SearchNode node)
        {
            var visits = 1 + node.Entered;
            var beta = Math.Log((visits + s_base.In(_options) + 1) / s_base.In(_options)) + _options.Exploration;
            var exploration = beta * Math.Sqrt(Math.Log(visits));
            var sum = node.Open.Sum(child => child.ProcessReward ?? 0);
            SearchNode? best = null;
            var bestScore = double.NegativeInfinity;
            foreach (var child in node.Open)
            {
                var reasonable = child.Revisions > 0 && s_rethought.ChoiceIn(_options) == "one" ? 1
                    : sum > 0 ? (child.ProcessReward ?? 0) / sum
                    : 1.0 / node.Open.Count;
                var score = child.Value + (exploration * reasonable / (1 + child.Entered));
                if (score > bestScore && IsOpen(child))
                {
                    (best, bestScore) = (child, score);
                }
            }

            return best;
        }

        // Whether there is a thought to try at a node or below it.
        private bool IsOpen(SearchNode node)
        {
            if (!IsEntered(node))
            {
                return true;
            }

            if (_closed.Contains(node))
            {
                return false;
            }

            if (node.Open.Exists(IsOpen))
            {
                return true;
            }

            if (node.Unobserved == 0)
            {
                // Nobody is there who could bring more.
                _closed.Add(node);
            }

            return false;
        }

        // Every thought that was tried has a program, or is being tried.
        private static bool IsEntered(SearchNode thought) => thought.Unobserved > 0 || thought.Children.Count > 0;

        // The root's thoughts, and the first of them by the formula: nobody was anywhere, so that p alone decides.
        private async Task BeginAsync(Rollout rollout, SearchNode root, CancellationToken cancellationToken)
        {
            var thoughts = await ThinkAsync(rollout, root, feedback: null, cancellationToken);
            if (thoughts.Where(thought => !thought.Terminal).MaxBy(thought => thought.ProcessReward ?? 0) is { } first)
            {
                await RethinkAsync(rollout, first, cancellationToken);
                return;
            }

            // The model had no room for a thought.
            rollout.BackUp(thoughts[0], 0, _backup);
        }

        private async Task RethinkAsync(Rollout rollout, SearchNode thought, CancellationToken cancellationToken)
        {
            var times = s_times.CountIn(_options);
            var deeper = thought.Depth + 2 <= _options.MaxDepth;
            for (var time = 1; ; time++)
            {
                var (program, judgement) = await WriteAsync(rollout, thought, time, Wanted.Steps, cancellationToken);
                if (judgement is { Excluded: true })
                {
                    return;
                }

                var failed = judgement is { Accepted: false };
                var feedback = failed && (time < times || deeper)
                    ? await rollout.ReflectAsync(
                        thought, time, ReflectionKind.Failure, program.Program!, judgement!, cancellationToken)
                    : null;
                if (feedback is not null && time < times
                    && await rollout.ReviseAsync(thought, time, feedback, cancellationToken))
                {
                    continue;
                }

                if (deeper && (_options.Exhaust || judgement is not { Accepted: true }))
                {
                    await ThinkAsync(rollout, thought, feedback, cancellationToken);
                }

                rollout.BackUp(program, ValueOf(rollout, program, judgement), _backup);
                return;
            }
        }

        private async Task TryAsync(Rollout rollout, SearchNode node, int time, Wanted want, CancellationToken cancellationToken)
        {
            var (program, judgement) = await WriteAsync(rollout, node, time, want, cancellationToken);
            if (judgement is not { Excluded: true })
            {
                rollout.BackUp(program, ValueOf(rollout, program, judgement), _backup);
            }
        }

        private async Task<(SearchNode Program, Judgement? Judgement)> WriteAsync(
            Rollout rollout, SearchNode node, int time, Wanted want, CancellationToken cancellationToken)
        {
            want |= HasRewards && _options.Exhaust ? Wanted.RewardsOfAll : Wanted.Steps;
            var program = (await rollout.ExpandAsync(node, time, [(StepAction.Code, 1)], want, cancellationToken))[0];
            return (program, await rollout.JudgeAsync(program, trace: true, cancellationToken));
        }

        private Task<IReadOnlyList<SearchNode>> ThinkAsync(
            Rollout rollout, SearchNode node, string? feedback, CancellationToken cancellationToken) => rollout.ExpandAsync(
                node, expansion: 1, [(StepAction.Think, _options.SamplesPerExpansion)], HasRewards ? Wanted.Rewards : Wanted.Steps,
                cancellationToken, feedback);

        private double ValueOf(Rollout rollout, SearchNode program, Judgement? judgement)
        {
            var value = rollout.ValueOf(judgement)!.Value;
            var weight = s_self.In(_options);
            return judgement is { Accepted: true } && program.ProcessReward is { } reward
                ? ((1 - weight) * value) + (weight * ((2 * reward) - 1))
                : value;
        }
    }
}
