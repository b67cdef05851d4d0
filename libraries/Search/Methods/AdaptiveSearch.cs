namespace O1Coder.Search;

/// <summary>
/// Effort that follows the problem: a fast answer first (System 1), a search only when its tests fail or its confidence is
/// low, and then direct programs and reasoned ones (an outline, refinements, a program) that compete for the same budget. No
/// paper's: o1-Coder names it as future work (arXiv 2412.00154, section 6).
/// <para>
/// The two ways are arms of a bandit that counts what they cost: (v̄ + c·sqrt(ln N / n)) / t, with v̄ the mean value of the
/// way's programs, n of N rollouts, and t its tokens a program. Until a way was tried t is what was measured of the untrained
/// embedded model: an outline first costs 3.5 times the tokens. Width and depth follow what is left: programs are asked for
/// as many at a time as rollouts are left, up to <see cref="SearchOptions.SamplesPerRequest"/>, and a thought is only begun when
/// there are rollouts enough below it.
/// </para>
/// <para>
/// Confidence is the program's mean probability a token. A program that passes with less than <c>confidence</c> has to be
/// confirmed by another that passes too. The search gives up where the chance that the next program passes, a/(a + b + n)
/// after n that failed, falls below <c>stop-below</c>.
/// </para>
/// </summary>
public sealed class AdaptiveSearch : SearchMethod
{
    private static readonly MethodSetting s_confidence = MethodSetting.Number(
        "confidence", 0, 0, 1, "mean probability a token below which a program that passes has to be confirmed by another", "ours");

    private static readonly MethodSetting s_stopBelow = MethodSetting.Number(
        "stop-below", 0, 0, 1, "give up when the next program passes with less chance", "ours");

    private static readonly MethodSetting s_exploration = MethodSetting.Number(
        "exploration", 0.5, 0, 100, "c of the choice between direct and reasoned programs", "ours");

    private static readonly MethodSetting s_reasoning = MethodSetting.Choice(
        "reasoning", ["compete", "never", "always"], "whether thoughts compete with direct programs", "ours");

    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "adaptive",
        Summary = "a fast answer, then direct and reasoned programs by what they bring a token",
        Paper = "none; o1-Coder's future work, arXiv 2412.00154, section 6",
        Settings = [s_confidence, s_stopBelow, s_exploration, s_reasoning],
        Defaults = new SearchOptions { Method = "adaptive", InFlight = 8 },
    };

    private protected override MethodRun Begin(SearchState state) => new Run(state);

    private sealed class Run : MethodRun
    {
        // Tokens a program, measured of the embedded model, until a way has its own.
        private const double DirectCost = 91;
        private const double ReasonedCost = 314;

        private static readonly ActionPlan s_plan = new(
            Root: [StepAction.DefineStructure],
            RootWidening: [StepAction.DefineStructure],
            Step: [StepAction.Code, StepAction.Code, StepAction.Refine],
            StepWidening: [StepAction.Code],
            CodeAtDepthLimit: true);

        private readonly SearchNode _root;
        private readonly double _confidence;
        private readonly HashSet<string> _passing = new(StringComparer.Ordinal);
        private readonly Dictionary<int, TreeDescent> _descents = [];
        private bool _sure;

        public Run(SearchState state)
            : base(state)
        {
            _root = state.Tree.Root;
            _confidence = s_confidence.In(state.Options);
        }

        protected override bool IsSatisfied => _sure || _passing.Count > 1;

        private Wanted Wanted => _confidence > 0 ? Wanted.LogProbabilities : Wanted.Steps;

        public override void Notice(SearchEvent one)
        {
            if (one is ProgramJudged { Judgement.Accepted: true } judged)
            {
                _passing.Add(judged.Program);
                var node = State.Tree.Nodes[judged.Node];
                _sure |= _confidence == 0 || Math.Exp((node.LogProbability ?? double.NegativeInfinity) / Math.Max(1, node.Tokens)) >= _confidence;
            }
        }

        public override Choice? Next(int number)
        {
            if (number == 1 && State.Options.FastAnswer)
            {
                return new Choice(_root, (rollout, cancellationToken) => DirectAsync(rollout, 0, 1, Wanted.Greedy | Wanted, cancellationToken));
            }

            if (IsFastAnswerUnderWay)
            {
                return null;
            }

            if (State.Tree.ProgramsJudged is var failed && 0.5 / (1.5 + failed) < s_stopBelow.In(State.Options))
            {
                return null;
            }

            if (FreshChildren.Of(_root).Find(child => child.Terminal) is { } written)
            {
                return new Choice(written, (rollout, cancellationToken) => rollout.FinishAsync(written, SumBackup.Instance, cancellationToken));
            }

            var left = State.Request.Budget.Rollouts - number + 1;
            return Reasons(left) ? Thoughts(left).Choose(number) : Direct(left);
        }

        private Choice Direct(int left)
        {
            var count = Math.Clamp(left, 1, State.Options.SamplesPerRequest);
            var expansion = SearchState.TakeExpansion(_root);
            return new Choice(_root, (rollout, cancellationToken) => DirectAsync(rollout, expansion, count, Wanted, cancellationToken));
        }

        private async Task DirectAsync(Rollout rollout, int expansion, int count, Wanted wanted, CancellationToken cancellationToken)
        {
            var children = await rollout.ExpandAsync(_root, expansion, [(StepAction.Code, count)], wanted, cancellationToken);
            await rollout.FinishAsync(children[0], SumBackup.Instance, cancellationToken);
        }

        // An outline and a program under it need two steps, and a second program makes the outline pay.
        private bool Reasons(int left)
        {
            var how = s_reasoning.ChoiceIn(State.Options);
            if (how != "compete" || State.Options.MaxDepth < 2 || left < 3)
            {
                return how == "always";
            }

            var (visits, value, tokens, underWay) = (0, 0.0, 0L, 0);
            foreach (var thought in _root.Open)
            {
                visits += thought.Visits;
                value += thought.ValueSum;
                underWay += thought.Unobserved;
            }

            foreach (var program in _root.Children)
            {
                tokens += program.Terminal ? program.Tokens : 0;
            }

            var direct = Index(_root.TerminalVisits, _root.TerminalValueSum, tokens, _root.Children.Count - _root.Open.Count, DirectCost, 0);
            var reasoned = Index(visits, value, State.Tree.Tokens - tokens, visits, ReasonedCost, underWay);
            return reasoned > direct;
        }

        private double Index(int visits, double value, long tokens, int programs, double cost, int underWay)
        {
            var all = Math.Max(1, _root.Visits + _root.Unobserved);
            var mean = visits == 0 ? 0.5 : value / visits;
            return (mean + (s_exploration.In(State.Options) * Math.Sqrt(Math.Log(all) / (1 + visits + underWay))))
                / (programs == 0 ? cost : Math.Max(1, (double)tokens / programs));
        }

        private TreeDescent Thoughts(int left)
        {
            // Each step down wants as many rollouts again.
            var depth = Math.Clamp(1 + (int)Math.Log2(left), 2, Math.Max(2, State.Options.MaxDepth));
            if (!_descents.TryGetValue(depth, out var descent))
            {
                var options = State.Options with { MaxDepth = depth, Plan = s_plan, FastAnswer = false };
                var expansion = new PlanExpansion(options, Wanted);
                descent = new TreeDescent(
                    _root, options, new UctSelection(options), expansion, new SimulationEvaluation(options, expansion, SumBackup.Instance));
                _descents.Add(depth, descent);
            }

            return descent;
        }
    }
}
