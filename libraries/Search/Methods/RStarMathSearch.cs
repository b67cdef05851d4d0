namespace O1Coder.Search;

/// <summary>
/// Step search in the style of rStar-Math (arXiv 2501.04519, section 3.2; code: microsoft/rStar, <c>mcts_node.py</c>):
/// UCT(s) = Q(s) + c·sqrt(ln N_parent / N(s)) with Q(s) = q(s)/N(s) (equation 1), a terminal reward of +1 for a program
/// that passes and −1 for any other, added on the way up: q(s) ← q(s) + q(terminal) (equation 2). A path that ends without a
/// program is worth −1 and is not backed up.
/// <para>
/// From its second round on the paper starts q from a process preference model: with <c>step-value</c> ppm a child without
/// a visit has Q = 2r − 1, r the process reward in [0, 1] (the code squashes its model's value by tanh(v/5) into the same
/// range). The paper rolls out to a terminal node; its code ends an iteration with the expansion and judges the terminal
/// children among the new ones (<c>rollout</c> one-step).
/// </para>
/// <para>Steps are o1-Coder's actions in the paper's order, in place of code-augmented steps of a proof.</para>
/// </summary>
public sealed class RStarMathSearch : SearchMethod
{
    private static readonly MethodSetting s_rollout = MethodSetting.Choice(
        "rollout", ["to-terminal", "one-step"], "how far an iteration goes", "paper: to a terminal node; code: one expansion");

    private static readonly MethodSetting s_unvisited = MethodSetting.Choice(
        "unvisited", ["first", "value"], "whether a child without a visit comes first or has its value alone",
        "paper: UCT; code: u = 0 if unvisited");

    private static readonly MethodSetting s_stepValue = MethodSetting.Choice(
        "step-value", ["none", "ppm"], "what a child without a visit is worth: 0, or 2r − 1 by the process reward model",
        "paper: rounds 1 and 2 without, later ones with");

    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "rstar-math",
        Summary = "step search with rewards of ±1 and a process preference model",
        Paper = "rStar-Math, arXiv 2501.04519, section 3.2, equations 1 and 2",
        Needs = "steps that make the program after them better; with step-value ppm a trained process reward model",
        Settings = [s_rollout, s_unvisited, s_stepValue],
        Defaults = new SearchOptions
        {
            Method = "rstar-math",
            Exploration = 2,
            MaxDepth = 16,
            Plan = ActionPlan.Paper,
            FastAnswer = false,
            ProgramsFirst = false,
        },
    };

    private protected override void Demand(SearchRequest request) => OptionCheck.Require(
        s_stepValue.ChoiceIn(request.Options) == "none" || request.Evaluator is not null, nameof(SearchRequest.Evaluator), "absent",
        "an evaluator, as step-value is ppm");

    private protected override MethodRun Begin(SearchState state)
    {
        var options = state.Options;
        var ppm = s_stepValue.ChoiceIn(options) == "ppm";
        var expansion = new PlanExpansion(options, ppm ? Wanted.Rewards : Wanted.Steps);
        var selection = new FirstUctSelection(
            options, options.Exploration, s_unvisited.ChoiceIn(options) == "first",
            child => ppm && child.ProcessReward is { } reward ? (2 * reward) - 1 : 0);
        return new TreeRun(
            state, selection, expansion,
            s_rollout.ChoiceIn(options) == "one-step"
                ? new LeafEvaluation(SumBackup.Instance, RewardOf)
                : new SimulationEvaluation(options, expansion, SumBackup.Instance, RewardOf));
    }

    // +1 for all tests, −1 for less; nothing goes up for a path without a program.
    private static double? RewardOf(double? value) => value is null ? null : value >= 1 ? 1 : -1;
}
