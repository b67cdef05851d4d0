namespace O1Coder.Search;

/// <summary>
/// UCT = Q + c·sqrt(ln N_parent / N) as in rStar-Math (arXiv 2501.04519, equation 1, which its code calls PUCT). A child
/// without a visit comes first, or, as in the code, has its value alone. Rollouts under way count as in WU-UCT.
/// </summary>
/// <param name="options">Gives the depth limit.</param>
/// <param name="exploration">c.</param>
/// <param name="unvisitedFirst">Whether a child without a visit comes before all others, the best of several by value.</param>
/// <param name="initial">Q of a child without a visit.</param>
internal sealed class FirstUctSelection(
    SearchOptions options, double exploration, bool unvisitedFirst, Func<SearchNode, double> initial) : StepSelection(options)
{
    // Above every UCT, and room for the values of those that share it.
    private const double First = 1e9;

    /// <inheritdoc/>
    protected override void Score(SearchNode node, ReadOnlySpan<Arm> arms, Span<double> scores)
    {
        var logarithm = Math.Log(Math.Max(1, node.Entered));
        for (var i = 0; i < arms.Length; i++)
        {
            ref readonly var arm = ref arms[i];
            scores[i] = (arm.Visits > 0 ? arm.Value : initial(arm.Node!))
                + (arm.Entered > 0 ? exploration * Math.Sqrt(logarithm / arm.Entered) : unvisitedFirst ? First : 0);
        }
    }
}
