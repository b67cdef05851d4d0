namespace O1Coder.Problems;

/// <summary>
/// What came of running a program. Numbers equal those of the enum Verdict in protos/o1coder/v1/common.proto.
/// </summary>
public enum Verdict
{
    /// <summary>No verdict was reached.</summary>
    Unspecified = 0,

    /// <summary>Every test passed.</summary>
    Accepted = 1,

    /// <summary>The program ended by itself, with an answer other than the expected one.</summary>
    WrongAnswer = 2,

    /// <summary>An exception, a non-zero exit status or a fatal signal of the program's own.</summary>
    RuntimeError = 3,

    /// <summary>The CPU or wall-clock limit was reached.</summary>
    TimeLimit = 4,

    /// <summary>The memory limit was reached.</summary>
    MemoryLimit = 5,

    /// <summary>More output than the limit allows.</summary>
    OutputLimit = 6,

    /// <summary>The program does not compile (for Python: does not parse).</summary>
    CompileError = 7,

    /// <summary>The program tried something that the sandbox forbids and was ended for it.</summary>
    PolicyViolation = 8,

    /// <summary>The sandbox itself failed; says nothing about the program and never counts as a reward.</summary>
    InternalError = 9,
}
