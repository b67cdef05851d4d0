namespace O1Coder.Search;

/// <summary>
/// Gumbel search with sequential halving (Danihelka, Guez, Schrittwieser and Silver, ICLR 2022; Google DeepMind's mctx):
/// at the root m steps get a Gumbel variable g each, and sequential halving gives the simulations to those with the
/// largest g + logits + σ(q̂) (algorithm 2); below the root the child with the largest π'(a) − N(a)/(1 + ΣN) is taken
/// (equation 14) with π' = softmax(logits + σ(completed Q)) (equation 11), σ(q) = (c_visit + max N)·c_scale·q (equation 8),
/// and Q completed by v_mix (equation 33).
/// <para>
/// A language model's steps are sampled, not listed: the m steps are one expansion of the root, and a step's logit is its
/// mean log-probability a token. A program is visited once, since its value is known then: further visits that the halving
/// gives it cost no simulation. When all that is considered has ended, m new steps are drawn for what is left.
/// </para>
/// </summary>
public sealed class GumbelSearch : SearchMethod
{
    private static readonly MethodSetting s_considered = MethodSetting.Number(
        "considered", 16, 2, 64, "m, steps that are considered at the root", "paper and mctx: 16");

    private static readonly MethodSetting s_visit = MethodSetting.Number(
        "c-visit", 50, 0, 1e6, "c_visit of σ", "paper: 50; mctx: 50");

    private static readonly MethodSetting s_scale = MethodSetting.Number(
        "c-scale", 1, 0, 1000, "c_scale of σ", "paper: 1; mctx: 0.1 with rescaled values");

    private static readonly MethodSetting s_gumbel = MethodSetting.Number(
        "gumbel-scale", 1, 0, 100, "factor of the Gumbel variable; 0 for none", "paper: 1; mctx: 1, 0 for evaluation");

    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "gumbel",
        Summary = "sequential halving at the root, completed Q values below",
        Paper = "Danihelka et al., ICLR 2022, algorithm 2, equations 8, 11, 14 and 33",
        Settings = [s_considered, s_visit, s_scale, s_gumbel],
        Defaults = new SearchOptions { Method = "gumbel" },
    };

    private protected override MethodRun Begin(SearchState state) => new Run(state);

    private sealed class Run : MethodRun
    {
        private readonly CompletedQSelection _below;
        private readonly PlanExpansion _expansion;
        private readonly SimulationEvaluation _evaluation;
        private readonly TreeDescent _descent;
        private readonly int _considered;
        private Bracket? _bracket;
        private bool _drawing;

        public Run(SearchState state)
            : base(state)
        {
            _considered = s_considered.CountIn(state.Options);
            _expansion = new PlanExpansion(state.Options, Wanted.Priors);
            _evaluation = new SimulationEvaluation(state.Options, _expansion, SumBackup.Instance);
            _below = new CompletedQSelection(state.Options, s_visit.In(state.Options), s_scale.In(state.Options));
            _descent = new TreeDescent(state.Tree.Root, state.Options, _below, _expansion, _evaluation);
        }

        public override Choice? Next(int number)
        {
            var root = State.Tree.Root;
            if (number == 1 && State.Options.FastAnswer)
            {
                return FastAnswer.Of(root, _evaluation);
            }

            if (_drawing)
            {
                if (root.Unobserved > 0)
                {
                    // The steps that are to be considered are not there yet.
                    return null;
                }

                _drawing = false;
                var drawn = root.Children.Where(child => child.Prior is not null && !(_bracket?.Seen(child) ?? false)).ToList();
                if (drawn.Count > 0)
                {
                    _bracket = new Bracket(
                        drawn, State.Options, Math.Max(drawn.Count, State.Request.Budget.Rollouts - number + 1), _below, s_gumbel.In(State.Options), _bracket);
                }
            }

            if (_bracket?.Next() is not { } arm)
            {
                return root.Unobserved > 0 ? null : Drawing(root);
            }

            return _descent.ChooseBelow(arm, number);
        }

        // The steps alone: which of them is simulated first is the halving's to say.
        private Choice Drawing(SearchNode root)
        {
            _drawing = true;
            var which = SearchState.TakeExpansion(root);
            var allocation = State.Options.Plan.Allocate(0, which > 1, _considered, State.Options.MaxDepth);
            return new Choice(root, (rollout, cancellationToken) =>
                rollout.ExpandAsync(root, which, allocation, _expansion.Wanted, cancellationToken));
        }
    }

    /// <summary>One round of sequential halving over steps of the root.</summary>
    private sealed class Bracket
    {
        private readonly List<SearchNode> _arms;
        private readonly HashSet<SearchNode> _seen;
        private readonly Dictionary<SearchNode, int> _visits = [];
        private readonly Dictionary<SearchNode, double> _gumbel = [];
        private readonly IEnumerator<int> _order;
        private readonly CompletedQSelection _values;
        private readonly SearchOptions _options;

        public Bracket(
            List<SearchNode> arms, SearchOptions options, int simulations, CompletedQSelection values, double scale, Bracket? before)
        {
            (_arms, _options, _values) = (arms, options, values);
            _seen = before is null ? [.. arms] : [.. before._seen, .. arms];
            _order = ConsideredVisits.Of(arms.Count, simulations).GetEnumerator();
            foreach (var arm in arms)
            {
                _visits[arm] = 0;
                _gumbel[arm] = scale * Draw(arm);
            }
        }

        public bool Seen(SearchNode child) => _seen.Contains(child);

        /// <summary>The arm of the next simulation; null when every arm has ended or the halving is over.</summary>
        public SearchNode? Next()
        {
            while (_arms.Exists(arm => !IsOver(arm)) && _order.MoveNext())
            {
                var level = _order.Current;
                var largest = _arms.Max(arm => arm.Visits);
                var arm = _arms.Where(arm => _visits[arm] == level)
                    .MaxBy(arm => _gumbel[arm] + CompletedQSelection.LogitOf(arm.Prior ?? 1) + _values.Sigma(arm.Value, largest));
                if (arm is null)
                {
                    continue;
                }

                _visits[arm]++;
                if (!IsOver(arm) || _visits[arm] == 1)
                {
                    return arm;
                }
            }

            return null;
        }

        // A program, or a step at the depth limit, once it was entered: a further visit teaches nothing.
        private bool IsOver(SearchNode arm) => (arm.Terminal || arm.Depth >= _options.MaxDepth) && _visits[arm] > 0;

        // −ln(−ln u), u from the arm's own stream.
        private static double Draw(SearchNode arm)
        {
            var u = ((new SplitMix64(SplitMix64.Mix(arm.Key, 7)).Next() >> 11) + 0.5) / (1UL << 53);
            return -Math.Log(-Math.Log(u));
        }
    }
}
