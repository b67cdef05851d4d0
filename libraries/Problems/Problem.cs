namespace O1Coder.Problems;

/// <summary>A programming problem. Two problems are equal when all their fields and all their tests are.</summary>
public sealed record Problem
{
    /// <summary>The longest <see cref="Id"/>, characters.</summary>
    public const int MaxIdLength = 64;

    /// <summary>The longest <see cref="Statement"/>, bytes of UTF-8.</summary>
    public const int MaxStatementBytes = 32 * 1024;

    /// <summary>A name of letters, digits, '-' and '_', 1 to <see cref="MaxIdLength"/> characters.</summary>
    public required string Id { get; init; }

    /// <summary>One line for people.</summary>
    public required string Title { get; init; }

    /// <summary>The task in Markdown, at most <see cref="MaxStatementBytes"/>.</summary>
    public required string Statement { get; init; }

    /// <summary>How hard it is for a small model; null when nobody said.</summary>
    public Difficulty? Difficulty { get; init; }

    /// <summary>How the tests talk to a program.</summary>
    public required ProblemMode Mode { get; init; }

    /// <summary>In function mode the signature line, for example "def add(a: int, b: int) -> int:"; empty otherwise.</summary>
    public string Signature { get; init; } = "";

    /// <summary>Tests that the model and the search may see; empty where somebody has yet to write them.</summary>
    public required IReadOnlyList<TestCase> VisibleTests { get; init; }

    /// <summary>
    /// Tests for the final judgement alone. May be empty: then <see cref="TestSplit"/> says which of the visible ones
    /// are held out.
    /// </summary>
    public IReadOnlyList<TestCase> HiddenTests { get; init; } = [];

    /// <summary>The most <see cref="ReferenceSolutions"/> that a problem file holds.</summary>
    public const int MaxReferenceSolutions = 30;

    /// <summary>Different programs that pass every test; may be empty.</summary>
    public IReadOnlyList<string> ReferenceSolutions { get; init; } = [];

    /// <summary>The first of <see cref="ReferenceSolutions"/>, or null; setting it makes it the only one.</summary>
    public string? ReferenceSolution
    {
        get => ReferenceSolutions.Count > 0 ? ReferenceSolutions[0] : null;
        init => ReferenceSolutions = value is null ? [] : [value];
    }

    /// <summary>A plausible program that fails at least one test, or null.</summary>
    public string? WrongSolution { get; init; }

    /// <summary>The most <see cref="Requires"/> and <see cref="Ensures"/> each that a problem file holds.</summary>
    public const int MaxConditions = 32;

    /// <summary>The longest condition, characters.</summary>
    public const int LongestCondition = 500;

    /// <summary>Preconditions: Python expressions over the signature's parameters, which every argument of a test fulfils.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <summary>
    /// Postconditions: Python expressions over the parameters and <c>result</c>, which hold of a right program wherever the
    /// preconditions do. Function mode alone has them.
    /// </summary>
    public IReadOnlyList<string> Ensures { get; init; } = [];

    /// <summary>The name of the function that the tests call; null in stdio mode.</summary>
    public string? EntryPoint => Mode == ProblemMode.Function ? PythonSignature.NameOf(Signature) : null;

    /// <inheritdoc/>
    public bool Equals(Problem? other) =>
        other is not null
        && Id == other.Id
        && Title == other.Title
        && Statement == other.Statement
        && Difficulty == other.Difficulty
        && Mode == other.Mode
        && Signature == other.Signature
        && VisibleTests.SequenceEqual(other.VisibleTests)
        && HiddenTests.SequenceEqual(other.HiddenTests)
        && ReferenceSolutions.SequenceEqual(other.ReferenceSolutions)
        && WrongSolution == other.WrongSolution
        && Requires.SequenceEqual(other.Requires)
        && Ensures.SequenceEqual(other.Ensures);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Statement, VisibleTests.Count, HiddenTests.Count);
}
