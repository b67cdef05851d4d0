namespace O1Coder.Problems;

/// <summary>One test of a problem: a <see cref="StdioTest"/> or an <see cref="AssertionTest"/>.</summary>
public abstract record TestCase
{
    private protected TestCase()
    {
    }

    /// <summary>The mode of the problems that this kind of test belongs to.</summary>
    public abstract ProblemMode Mode { get; }
}
