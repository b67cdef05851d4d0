using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>How many tests a path's program passes.</summary>
/// <param name="Visible">Of those that the search saw.</param>
/// <param name="Hidden">Of the others; null where they were not run, since a visible one fails or there are none.</param>
internal sealed record PathTests(TestCount Visible, TestCount? Hidden)
{
    /// <summary>The counts of a program that passed the visible tests and was then run on all of them.</summary>
    /// <param name="visible">How many visible tests there are.</param>
    /// <param name="all">What the second run came to.</param>
    public static PathTests Of(int visible, V1.ExecuteResponse all)
    {
        var hidden = all.Total - visible;
        return hidden <= 0
            ? new PathTests(new TestCount(all.Passed, all.Total), null)
            : new PathTests(new TestCount(Math.Min(all.Passed, visible), visible), new TestCount(Math.Max(0, all.Passed - visible), hidden));
    }
}
