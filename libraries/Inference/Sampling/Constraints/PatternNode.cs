namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>A parsed regular expression, or the body of a grammar's rule.</summary>
/// <param name="Position">Where it stands in the text, in UTF-16 characters from 0.</param>
internal abstract record PatternNode(int Position)
{
    /// <summary>One character of a set.</summary>
    public sealed record Character(int Position, CodePoints Set) : PatternNode(Position);

    /// <summary>Parts one after another; none match the empty text.</summary>
    public sealed record Sequence(int Position, IReadOnlyList<PatternNode> Parts) : PatternNode(Position);

    /// <summary>One of several.</summary>
    public sealed record Choice(int Position, IReadOnlyList<PatternNode> Alternatives) : PatternNode(Position);

    /// <summary>A part several times; without <paramref name="Most"/> any number.</summary>
    public sealed record Repetition(int Position, PatternNode Part, int Least, int? Most) : PatternNode(Position);

    /// <summary>A rule of the grammar.</summary>
    public sealed record Call(int Position, int Rule) : PatternNode(Position);
}
