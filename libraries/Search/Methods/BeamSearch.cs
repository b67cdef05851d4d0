namespace O1Coder.Search;

/// <summary>
/// Beam search over steps with a verifier (as in Snell et al. 2024, arXiv 2408.03314, section 5.1, and OpenR): the root
/// gets width × samples steps, and of all unfinished steps of a level the best <c>width</c> by the verifier get
/// <see cref="SearchOptions.SamplesPerExpansion"/> children each. Programs are judged as they come. One rollout expands
/// one step; those of a level may be under way together.
/// </summary>
public sealed class BeamSearch : SearchMethod
{
    private static readonly MethodSetting s_width = MethodSetting.Number(
        "width", 4, 1, 64, "steps of a level that are kept", "Snell et al. 2024: 4 to √N; OpenR: 4");

    private static readonly MethodSetting s_verifier = MethodSetting.Choice(
        "verifier", ["log-probability", "process-reward"], "what ranks steps", "Snell et al. 2024: a process reward model");

    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "beam",
        Summary = "the best steps of each level by a verifier",
        Paper = "Snell et al. 2024, arXiv 2408.03314, section 5.1",
        Needs = "steps that make the program after them better; with verifier process-reward a trained process reward model",
        Settings = [s_width, s_verifier],
        Defaults = new SearchOptions { Method = "beam", Plan = ActionPlan.Competing },
    };

    private protected override void Demand(SearchRequest request) => OptionCheck.Require(
        s_verifier.ChoiceIn(request.Options) != "process-reward" || request.Evaluator is not null, nameof(SearchRequest.Evaluator),
        "absent", "an evaluator, as verifier is process-reward");

    private protected override MethodRun Begin(SearchState state) => new Run(state);

    private sealed class Run : MethodRun
    {
        private readonly int _width;
        private readonly bool _byReward;
        private readonly PlanExpansion _expansion;
        private readonly LeafEvaluation _evaluation = new(SumBackup.Instance, value => value ?? 0);
        private readonly Queue<SearchNode> _waiting = new();
        private List<SearchNode> _level;

        public Run(SearchState state)
            : base(state)
        {
            _width = s_width.CountIn(state.Options);
            _byReward = s_verifier.ChoiceIn(state.Options) == "process-reward";
            _expansion = new PlanExpansion(state.Options, _byReward ? Wanted.Rewards : Wanted.LogProbabilities);
            _level = [state.Tree.Root];
            _waiting.Enqueue(state.Tree.Root);
        }

        public override Choice? Next(int number)
        {
            if (number == 1 && State.Options.FastAnswer)
            {
                return FastAnswer.Of(State.Tree.Root, _evaluation);
            }

            if (State.Tree.Root.Unobserved > 0 && _waiting.Count == 0)
            {
                // The level is not over.
                return null;
            }

            if (_waiting.Count == 0)
            {
                _level = [.. _level.SelectMany(node => node.Open)
                    .Where(child => child.Depth < State.Options.MaxDepth)
                    .OrderByDescending(Score).ThenBy(child => child.Number).Take(_width)];
                _level.ForEach(_waiting.Enqueue);
            }

            return _waiting.TryDequeue(out var next) ? Expanding(next) : null;
        }

        private Choice Expanding(SearchNode node)
        {
            var which = SearchState.TakeExpansion(node);
            var samples = State.Options.SamplesPerExpansion * (node.Parent is null ? _width : 1);
            var allocation = State.Options.Plan.Allocate(node.Depth, widening: false, samples, State.Options.MaxDepth);
            return new Choice(node, async (rollout, cancellationToken) =>
            {
                var children = await rollout.ExpandAsync(node, which, allocation, _expansion.Wanted, cancellationToken);
                await _evaluation.EvaluateAsync(rollout, node, children, cancellationToken);
            });
        }

        // By the whole path: the mean of its steps' rewards, or its log-probability a token.
        private double Score(SearchNode node)
        {
            var path = node.PathFromRoot().Skip(1).ToList();
            return _byReward
                ? path.Average(step => step.ProcessReward ?? 0)
                : path.Sum(step => step.LogProbability ?? 0) / Math.Max(1, path.Sum(step => step.Tokens));
        }
    }
}
