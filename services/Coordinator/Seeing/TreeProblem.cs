namespace O1Coder.Coordinator.Seeing;

/// <summary>The problem, without the hidden tests themselves.</summary>
internal sealed record TreeProblem
{
    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>One line for people.</summary>
    public required string Title { get; init; }

    /// <summary>The task in Markdown.</summary>
    public required string Statement { get; init; }

    /// <summary>The signature in mode function; else empty.</summary>
    public required string Signature { get; init; }

    /// <summary>The tests that steered the search, as text.</summary>
    public required IReadOnlyList<string> VisibleTests { get; init; }

    /// <summary>How many tests judged the result beside them.</summary>
    public required int HiddenTests { get; init; }

    /// <summary>Whether the model wrote the visible tests.</summary>
    public required bool GeneratedTests { get; init; }
}
