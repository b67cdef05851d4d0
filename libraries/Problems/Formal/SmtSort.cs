namespace O1Coder.Problems;

/// <summary>The sorts that a checked function computes with.</summary>
internal enum SmtSort
{
    /// <summary>Python's int: a whole number without bounds.</summary>
    Int,

    /// <summary>Python's bool.</summary>
    Bool,
}
