namespace O1Coder.Coordinator;

/// <summary>What a program of an evaluation comes to by all tests.</summary>
/// <param name="Verdict">The first failing test's, or Accepted.</param>
/// <param name="Passed">Tests that it passes.</param>
/// <param name="ShownPassed">Those of them that the model or the search saw.</param>
internal sealed record SampleVerdict(V1.Verdict Verdict, int Passed, int ShownPassed)
{
    /// <summary>Of an answer that holds no program.</summary>
    public static SampleVerdict None { get; } = new(V1.Verdict.Unspecified, 0, 0);
}
