using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>One line of rewards: how a path was scored.</summary>
/// <param name="Id">The path's; see <see cref="PathRow.Id"/>.</param>
/// <param name="Problem">The problem's id.</param>
/// <param name="Outcome">R.</param>
/// <param name="Process">r_1 to r_m of the process reward model.</param>
/// <param name="Alpha">α(t).</param>
/// <param name="Phi">φ.</param>
internal sealed record RewardRow(string Id, string Problem, double Outcome, IReadOnlyList<double> Process, double Alpha, double Phi)
{
    /// <summary>What R is made of; empty in files of before it was kept.</summary>
    public IReadOnlyList<RewardPart> Parts { get; init; } = [];

    /// <summary>Whether the program passes every visible test and fails a hidden one.</summary>
    public bool Overfit { get; init; }
}
