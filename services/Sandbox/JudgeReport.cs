namespace O1Coder.Sandbox;

/// <summary>What came of evaluating an assertion in the judge's box.</summary>
internal sealed record JudgeReport
{
    /// <summary>passed, wrong, raised, memory, ended, output-limit, compile-error, bad-test, or inside for a test that needs the program's process.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The other side of the comparison, as source text.</summary>
    public string Expected { get; init; } = "";

    /// <summary>The value that came, as Python writes it.</summary>
    public string Actual { get; init; } = "";

    /// <summary>The traceback or message.</summary>
    public string Error { get; init; } = "";

    /// <summary>Of a compile error: the line.</summary>
    public int Line { get; init; }

    /// <summary>Of a compile error: the line's text.</summary>
    public string Text { get; init; } = "";
}
