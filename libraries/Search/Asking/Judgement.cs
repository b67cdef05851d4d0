namespace O1Coder.Search;

/// <summary>What running a program against the visible tests came to.</summary>
public sealed record Judgement
{
    /// <summary>Whether the program compiled (for Python: parsed).</summary>
    public required bool Compiled { get; init; }

    /// <summary>Tests passed, 0 to <see cref="Total"/>.</summary>
    public required int Passed { get; init; }

    /// <summary>Tests in all, at least 1.</summary>
    public required int Total { get; init; }

    /// <summary>The judge's word for it, for example <c>WrongAnswer</c>; the search only hands it on.</summary>
    public required string Verdict { get; init; }

    /// <summary>One line on the first failing test.</summary>
    public string Message { get; init; } = "";

    /// <summary>
    /// The first failing test in full, as the model may be shown it: input, expected, actual, and the trace where one was
    /// asked for; empty when every test passed. Has no part in the tree's hash.
    /// </summary>
    public string Failure { get; init; } = "";

    /// <summary>
    /// The judge itself failed and says nothing about the program: it gets no value, no visit and no further rollout.
    /// </summary>
    public bool Excluded { get; init; }

    /// <summary>The judge answered from a store; changes nothing in the tree.</summary>
    public bool Cached { get; init; }

    /// <summary>Whether every test passed.</summary>
    public bool Accepted => !Excluded && Compiled && Total > 0 && Passed == Total;
}
