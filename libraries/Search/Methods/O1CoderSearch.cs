namespace O1Coder.Search;

/// <summary>
/// o1-Coder's Monte Carlo tree search (arXiv 2412.00154, section 3.2.2; code: <c>MCTS_backbone.py</c>,
/// <c>MCTS_for_reasoning.py</c>). One rollout goes down from the root: a child that was never visited is taken first, at
/// random; at a node whose children were all visited <see cref="UctSelection"/> decides; a node without children gets
/// <see cref="SearchOptions.SamplesPerExpansion"/> of them, and <see cref="SimulationEvaluation"/> goes on from there.
/// <para>
/// Differences from the paper's code: all terminal children of an expansion stay, not the best alone; a judged leaf is
/// not entered again, its node widens instead, so that each rollout tries a program; the greedy program may come first
/// (<see cref="SearchOptions.FastAnswer"/>), and programs before thoughts (<see cref="SearchOptions.ProgramsFirst"/>).
/// </para>
/// </summary>
public sealed class O1CoderSearch : SearchMethod
{
    /// <inheritdoc/>
    public override MethodDescription Description { get; } = new()
    {
        Name = "o1-coder",
        Summary = "UCT over outlines, refinements and programs, with simulation down to a program",
        Paper = "o1-Coder, arXiv 2412.00154, section 3.2.2",
    };

    private protected override MethodRun Begin(SearchState state)
    {
        var expansion = new PlanExpansion(state.Options, Wanted.Steps);
        return new TreeRun(
            state, new UctSelection(state.Options), expansion,
            new SimulationEvaluation(state.Options, expansion, SumBackup.Instance));
    }
}
