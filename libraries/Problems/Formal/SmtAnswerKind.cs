namespace O1Coder.Problems;

/// <summary>The answers to check-sat.</summary>
public enum SmtAnswerKind
{
    /// <summary>The solver found no answer within its limits.</summary>
    Unknown,

    /// <summary>The conditions can hold together.</summary>
    Satisfiable,

    /// <summary>They cannot.</summary>
    Unsatisfiable,
}
