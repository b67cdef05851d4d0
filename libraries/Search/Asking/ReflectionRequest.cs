namespace O1Coder.Search;

/// <summary>Asks for words about a node.</summary>
public sealed record ReflectionRequest
{
    /// <summary>The nodes from the root to the one that is reflected on.</summary>
    public required IReadOnlyList<SearchNode> Path { get; init; }

    /// <summary>What is reflected on.</summary>
    public required ReflectionKind Kind { get; init; }

    /// <summary>The program that failed or is criticised.</summary>
    public required string Program { get; init; }

    /// <summary>What the judge said of it.</summary>
    public required Judgement Judgement { get; init; }

    /// <summary>Everything random in the answer comes from this: equal requests get equal answers.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The node.</summary>
    public SearchNode Node => Path[^1];
}
