namespace O1Coder.Search;

/// <summary>
/// SR-MCTS of LLaMA-Berry (Zhang et al. 2024, arXiv 2410.02884, section 2): nodes are whole solutions. The first comes
/// straight from the problem; from then on a rollout takes, of all solutions that are not fully explored, the one with the
/// largest UCT(s) = Q(s) + c·sqrt(ln N_parent / N(s)), c = 1.4; the model criticises it and writes it anew in the light of
/// the critique; the new solution is compared with every other one, ranked among them, and its value goes up as
/// <see cref="BerryBackup"/> says. A solution is fully explored when it has <c>max-children</c> children and one of them
/// has a larger Q. Rollouts under way count as visits (WU-UCT), and as children that might be better.
/// <para>
/// Solutions that were written side by side did not see each other: the next rollout makes up for their comparisons. The
/// visible tests have no part in Q, as in the paper; they end the search and say which solution is the answer. When
/// no solution is left to be explored (at the depth limit) another is written straight from the problem.
/// </para>
/// <para>
/// Where the paper can be read in two ways each has a name. Its equation for Q_l counts the children that beat the
/// solution, its text speaks of the solution's win rate (<c>local</c>). A new solution has no children, so that Q_l can only
/// count if a solution is evaluated again as the tree grows: by default Q(s) on the right of the update is today's
/// evaluation, with <c>evaluation</c> birth it is the Q that the node has (<c>evaluation</c>).
/// </para>
/// <para>
/// <c>rule</c> mctsr is the predecessor's code: UCT = R + c·sqrt(ln(N_parent + 1) / (N + 10⁻⁵)), values as
/// <see cref="SelfRefineBackup"/> says, no comparisons; a solution is fully explored when a child is at least as good. Its
/// rewards lie in [−100, 100] and are kept divided by 100 here, c with them. R is the process reward where
/// <see cref="SearchOptions.ProcessRewardWeight"/> is above 0, in place of the model's word for itself, else the verdict.
/// </para>
/// </summary>
public sealed class BerrySearch : SearchMethod
{
    private const string Predecessor = "mctsr";

    private static readonly MethodSetting s_rule = MethodSetting.Choice(
        "rule", ["sr-mcts", Predecessor], "how solutions are valued and chosen", "paper: SR-MCTS; MCTSr, arXiv 2406.07394, code");

    private static readonly MethodSetting s_children = MethodSetting.Number(
        "max-children", 2, 1, 64, "children after which a solution may be fully explored", "paper: 2; MCTSr's code: 3");

    private static readonly MethodSetting s_alpha = MethodSetting.Number(
        "alpha", 0.9, 0, 1, "α, the weight of the global value", "paper: 0.9");

    private static readonly MethodSetting s_gamma = MethodSetting.Number(
        "gamma", 0.1, 0, 1, "γ, what a new solution adds to those above it", "paper: 0.1");

    private static readonly MethodSetting s_local = MethodSetting.Choice(
        "local", ["printed", "win-rate"], "whether Q_l counts the children that beat a solution or those that it beats",
        "paper: the equation; its text");

    private static readonly MethodSetting s_evaluation = MethodSetting.Choice(
        "evaluation", ["current", "birth"], "whether solutions on the way up are evaluated again", "paper: can be read in both ways");

    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "llama-berry",
        Summary = "whole programs that are criticised and rewritten, ranked by preferences",
        Paper = "LLaMA-Berry, arXiv 2410.02884, section 2",
        Needs = "a model that criticises and rewrites to the better, which the untrained embedded one does not, and a trained pair-wise reward model",
        Settings = [s_rule, s_children, s_alpha, s_gamma, s_local, s_evaluation],
        Defaults = new SearchOptions { Method = "llama-berry", Exploration = 1.4, MaxDepth = 32, CompileWeight = 0, FastAnswer = false },
    };

    private protected override void Demand(SearchRequest request)
    {
        OptionCheck.Require(
            request.Reflector is not null, nameof(SearchRequest.Reflector), "absent", $"a reflector, as method is {Description.Name}");
        OptionCheck.Require(
            s_rule.ChoiceIn(request.Options) == Predecessor || request.Comparer is not null, nameof(SearchRequest.Comparer), "absent",
            $"a comparer, as method is {Description.Name}");
    }

    private protected override MethodRun Begin(SearchState state) => new Run(state);

    private sealed class Run : MethodRun
    {
        private readonly SearchOptions _options;
        private readonly bool _predecessor;
        private readonly int _mostChildren;
        private readonly IBackup _backup;
        private readonly BordaRanking _ranking = new();
        private readonly List<SearchNode> _solutions = [];
        private readonly HashSet<(int, int)> _compared = [];
        private int _madeUp;

        public Run(SearchState state)
            : base(state)
        {
            _options = state.Options;
            _predecessor = s_rule.ChoiceIn(_options) == Predecessor;
            _mostChildren = s_children.CountIn(_options);
            _backup = _predecessor
                ? SelfRefineBackup.Instance
                : new BerryBackup(
                    _ranking, s_alpha.In(_options), s_gamma.In(_options), s_local.ChoiceIn(_options) == "printed",
                    s_evaluation.ChoiceIn(_options) == "current");
        }

        public override bool ProgramsEnd => false;

        public override Choice? Next(int number)
        {
            var root = State.Tree.Root;
            if (BestOf() is { } solution)
            {
                return Rewrite(solution);
            }

            // The first solution is the paper's root: what comes is written from it, so it is waited for.
            return root.Unobserved > 0 ? null : Write(root, number == 1 && _options.FastAnswer);
        }

        public override void Notice(SearchEvent one)
        {
            if (one is ProgramJudged { Judgement.Excluded: false } judged)
            {
                _solutions.Add(State.Tree.Nodes[judged.Node]);
                _ranking.Add(judged.Node);
            }
            else if (one is NodesCompared compared)
            {
                _ranking.Compare(compared.First, compared.Second, compared.Preference);
                _compared.Add(Pair(compared.First, compared.Second));
            }
        }

        private SearchNode? BestOf()
        {
            SearchNode? best = null;
            var bestScore = double.NegativeInfinity;
            foreach (var solution in _solutions)
            {
                var score = ScoreOf(solution);
                if (score > bestScore && solution.Depth < _options.MaxDepth && !IsExplored(solution))
                {
                    (best, bestScore) = (solution, score);
                }
            }

            return best;
        }

        private double ScoreOf(SearchNode node)
        {
            var (above, here) = (node.Parent!.Entered, node.Entered);
            return node.Value + (_predecessor
                ? _options.Exploration / 100 * Math.Sqrt(Math.Log(above + 1) / (here + 1e-5))
                : _options.Exploration * Math.Sqrt(Math.Log(above) / here));
        }

        private bool IsExplored(SearchNode node)
        {
            if (node.Expansions < _mostChildren)
            {
                return false;
            }

            foreach (var child in node.Children)
            {
                if (child.Visits > 0 && (_predecessor ? child.Value >= node.Value : child.Value > node.Value))
                {
                    return true;
                }
            }

            return node.Expansions > node.Children.Count;
        }

        private Choice Write(SearchNode root, bool greedy)
        {
            var which = SearchState.TakeExpansion(root);
            var pairs = PairsToMakeUp();
            var others = _solutions.ToList();
            return new Choice(root, async (rollout, cancellationToken) =>
            {
                var want = Want | (greedy ? Wanted.Greedy : Wanted.Steps);
                var leaf = (await rollout.ExpandAsync(root, greedy ? 0 : which, [(StepAction.Code, 1)], want, cancellationToken))[0];
                await ValueAsync(rollout, leaf, pairs, others, cancellationToken);
            });
        }

        private Choice Rewrite(SearchNode node)
        {
            var which = SearchState.TakeExpansion(node);
            var (program, judgement) = (node.Program!, node.Judgement!);
            var pairs = PairsToMakeUp();
            var others = _solutions.ToList();
            return new Choice(node, async (rollout, cancellationToken) =>
            {
                var critique = await rollout.ReflectAsync(node, which, ReflectionKind.Critique, program, judgement, cancellationToken);
                var leaf = (await rollout.ExpandAsync(node, which, [(StepAction.Rewrite, 1)], Want, cancellationToken, critique))[0];
                await ValueAsync(rollout, leaf, pairs, others, cancellationToken);
            });
        }

        private Wanted Want => _predecessor && _options.ProcessRewardWeight > 0 ? Wanted.RewardsOfAll : Wanted.Steps;

        private async Task ValueAsync(
            Rollout rollout, SearchNode leaf, IReadOnlyList<(SearchNode, SearchNode)> pairs, IReadOnlyList<SearchNode> others,
            CancellationToken cancellationToken)
        {
            var judgement = await rollout.JudgeAsync(leaf, trace: false, cancellationToken);

            // A program that passes ends most searches: nobody is to compare it then.
            if (!_predecessor && (_options.Exhaust || judgement is not { Accepted: true }))
            {
                var own = judgement is null or { Excluded: true } ? [] : others.Select(other => (leaf, other));
                await rollout.CompareAsync([.. pairs, .. own], cancellationToken);
            }

            if (rollout.ValueOf(judgement) is { } value)
            {
                rollout.BackUp(leaf, value, _backup);
            }
        }

        // What came into the tree since the last time and has not been compared with what was there before it.
        private List<(SearchNode, SearchNode)> PairsToMakeUp()
        {
            var pairs = new List<(SearchNode, SearchNode)>();
            for (; _madeUp < _solutions.Count; _madeUp++)
            {
                for (var i = 0; i < _madeUp && !_predecessor; i++)
                {
                    if (!_compared.Contains(Pair(_solutions[_madeUp].Number, _solutions[i].Number)))
                    {
                        pairs.Add((_solutions[_madeUp], _solutions[i]));
                    }
                }
            }

            return pairs;
        }

        private static (int, int) Pair(int first, int second) => (Math.Min(first, second), Math.Max(first, second));
    }
}
