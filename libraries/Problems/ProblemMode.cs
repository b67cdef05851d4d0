namespace O1Coder.Problems;

/// <summary>How the tests of a problem talk to a program.</summary>
public enum ProblemMode
{
    /// <summary>The program reads standard input and writes standard output; its tests are <see cref="StdioTest"/>s.</summary>
    Stdio,

    /// <summary>The program defines a function; its tests are <see cref="AssertionTest"/>s that call it.</summary>
    Function,
}
