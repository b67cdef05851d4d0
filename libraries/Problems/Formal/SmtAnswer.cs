namespace O1Coder.Problems;

/// <summary>What a solver said.</summary>
/// <param name="Kind">Whether the conditions can hold together.</param>
/// <param name="Detail">Of unknown: why, for people.</param>
public sealed record SmtAnswer(SmtAnswerKind Kind, string Detail)
{
    /// <summary>Of satisfiable: the values that were asked for, by name, as Python writes them.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}
