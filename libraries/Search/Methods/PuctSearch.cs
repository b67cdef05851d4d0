namespace O1Coder.Search;

/// <summary>
/// PUCT with the policy's priors as in AlphaZero (arXiv 1712.01815; Science 362, 1140, pseudocode); see
/// <see cref="PuctSelection"/>. Priors are the steps' own probabilities, see <see cref="Priors"/>. The leaf's value is the
/// process reward where there is a model for it (AlphaZero's value network; OpenR's guided tree, arXiv 2410.09671), else
/// that of a simulated program.
/// <para>
/// A finished program is not entered again; a node whose children are all finished gets new ones.
/// </para>
/// </summary>
public sealed class PuctSearch : SearchMethod
{
    private static readonly MethodSetting s_base = MethodSetting.Number(
        "c-base", 19652, 1, 1e9, "c_base of C(s) = ln((1 + N + c_base)/c_base) + c_init", "AlphaZero, pseudocode");

    private static readonly MethodSetting s_initial = MethodSetting.Number(
        "c-init", 1.25, 0, 100, "c_init", "AlphaZero, pseudocode");

    private static readonly MethodSetting s_unvisited = MethodSetting.Choice(
        "unvisited", ["zero", "parent", "process-reward"], "Q of a child without a visit",
        "AlphaZero: 0; mctx: the parent's; OpenR: the process reward");

    private static readonly MethodSetting s_leaf = MethodSetting.Choice(
        "leaf-value", ["simulation", "process-reward"], "what a new step is worth", "AlphaZero: a value network, here the process reward");

    private static readonly MethodSetting s_rescale = MethodSetting.Choice(
        "rescale", ["no", "siblings"], "whether Q is rescaled to [0, 1] by parent and siblings", "AlphaZero: no; mctx: siblings");

    private static readonly MethodSetting s_noise = MethodSetting.Number(
        "root-noise", 0, 0, 1, "ε of Dirichlet noise at the root", "AlphaZero: 0.25 when it plays itself, 0 when it is evaluated");

    private static readonly MethodSetting s_alpha = MethodSetting.Number(
        "root-alpha", 0.3, 0.001, 100, "α of Dirichlet noise at the root", "AlphaZero: 0.3 for chess");

    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "puct",
        Summary = "PUCT with the policy's own probabilities as priors",
        Paper = "AlphaZero, arXiv 1712.01815; Science 362, 1140 (2018)",
        Needs = "with process-reward a trained process reward model",
        Settings = [s_base, s_initial, s_unvisited, s_leaf, s_rescale, s_noise, s_alpha],
        Defaults = new SearchOptions { Method = "puct" },
    };

    private protected override void Demand(SearchRequest request) => OptionCheck.Require(
        !AsksRewards(request.Options) || request.Evaluator is not null, nameof(SearchRequest.Evaluator), "absent",
        "an evaluator, as leaf-value or unvisited is process-reward");

    private protected override MethodRun Begin(SearchState state)
    {
        var options = state.Options;
        var expansion = new PlanExpansion(options, Wanted.Priors | (AsksRewards(options) ? Wanted.Rewards : Wanted.Steps));
        var noise = s_noise.In(options);
        var selection = new PuctSelection(
            options, s_base.In(options), s_initial.In(options), UnvisitedOf(s_unvisited.ChoiceIn(options)),
            s_rescale.ChoiceIn(options) == "siblings", noise > 0 ? new RootNoise(noise, s_alpha.In(options)) : null);
        return new TreeRun(
            state, selection, expansion,
            s_leaf.ChoiceIn(options) == "process-reward"
                ? new LeafEvaluation(SumBackup.Instance, value => value ?? 0, valueOfSteps: true)
                : new SimulationEvaluation(options, expansion, SumBackup.Instance));
    }

    private static bool AsksRewards(SearchOptions options) =>
        s_leaf.ChoiceIn(options) == "process-reward" || s_unvisited.ChoiceIn(options) == "process-reward";

    private static Func<SearchNode, SearchNode, double> UnvisitedOf(string choice) => choice switch
    {
        "parent" => (parent, _) => parent.Value,
        "process-reward" => (_, child) => child.ProcessReward ?? 0,
        _ => (_, _) => 0,
    };
}
