namespace O1Coder.Coordinator;

/// <summary>The steps of one problem's held-out paths.</summary>
/// <param name="Scores">r of each.</param>
/// <param name="Labels">Whether each was good.</param>
internal sealed record ScoredSteps(IReadOnlyList<double> Scores, IReadOnlyList<bool> Labels);
