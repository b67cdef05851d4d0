namespace O1Coder.Search;

/// <summary>
/// Best-of-N with any verifier (Cobbe et al. 2021, arXiv 2110.14168; Lightman et al. 2023, arXiv 2305.20050): N programs
/// straight from the problem, ranked by a verifier that does not run them, and judged by the visible tests from the best
/// down until one passes or <c>judged</c> of them were. Against sampling in order it saves sandbox runs where the verifier
/// is any good. A request for programs counts as a rollout, as does a judged program.
/// </summary>
public sealed class BestOfNSearch : SearchMethod
{
    private static readonly MethodSetting s_samples = MethodSetting.Number(
        "n", 16, 1, 1024, "N, programs that are written", "Lightman et al. 2023: up to 1860");

    private static readonly MethodSetting s_judged = MethodSetting.Number(
        "judged", 1024, 1, 1024, "programs that are judged at most", "Cobbe et al. 2021: the best alone, 1");

    private static readonly MethodSetting s_verifier = MethodSetting.Choice(
        "verifier", ["log-probability", "process-reward", "agreement"],
        "what ranks programs: their log-probability a token, the reward model, or how many are equal",
        "Cobbe et al. 2021: a trained verifier; agreement: Wang et al. 2022, arXiv 2203.11171");

    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "best-of-n",
        Summary = "N programs, judged from the verifier's best down",
        Paper = "Cobbe et al. 2021, arXiv 2110.14168",
        Needs = "with verifier process-reward a trained reward model",
        Settings = [s_samples, s_judged, s_verifier],
        Defaults = new SearchOptions { Method = "best-of-n", FastAnswer = false },
    };

    private protected override void Demand(SearchRequest request) => OptionCheck.Require(
        s_verifier.ChoiceIn(request.Options) != "process-reward" || request.Evaluator is not null, nameof(SearchRequest.Evaluator),
        "absent", "an evaluator, as verifier is process-reward");

    private protected override MethodRun Begin(SearchState state) => new Run(state);

    private sealed class Run(SearchState state) : MethodRun(state)
    {
        private readonly SearchNode _root = state.Tree.Root;
        private readonly int _samples = s_samples.CountIn(state.Options);
        private readonly int _judged = s_judged.CountIn(state.Options);
        private readonly string _verifier = s_verifier.ChoiceIn(state.Options);
        private int _asked;
        private Queue<SearchNode>? _ranked;

        public override Choice? Next(int number)
        {
            if (_asked < _samples)
            {
                var count = Math.Min(State.Options.SamplesPerRequest, _samples - _asked);
                _asked += count;
                var expansion = SearchState.TakeExpansion(_root);
                var wanted = _verifier switch
                {
                    "process-reward" => Wanted.RewardsOfAll,
                    "log-probability" => Wanted.LogProbabilities,
                    _ => Wanted.Steps,
                };
                return new Choice(_root, (rollout, cancellationToken) =>
                    rollout.ExpandAsync(_root, expansion, [(StepAction.Code, count)], wanted, cancellationToken));
            }

            if (_root.Children.Count < _samples)
            {
                return null;
            }

            _ranked ??= Rank();
            return _ranked.TryDequeue(out var leaf)
                ? new Choice(leaf, (rollout, cancellationToken) => rollout.FinishAsync(leaf, SumBackup.Instance, cancellationToken))
                : null;
        }

        // Equal programs are one: the first of them stands for all.
        private Queue<SearchNode> Rank()
        {
            var groups = _root.Children.Where(node => node.Program is not null)
                .GroupBy(node => node.Program, StringComparer.Ordinal);
            return new Queue<SearchNode>(groups
                .OrderByDescending(group => _verifier switch
                {
                    "process-reward" => group.Max(node => node.ProcessReward ?? 0),
                    "log-probability" => group.Max(node => (node.LogProbability ?? 0) / Math.Max(1, node.Tokens)),
                    _ => group.Count(),
                })
                .ThenBy(group => group.First().Number)
                .Select(group => group.First())
                .Take(_judged));
        }
    }
}
