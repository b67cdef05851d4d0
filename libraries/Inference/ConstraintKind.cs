namespace O1Coder.Inference;

/// <summary>The notation of a constraint.</summary>
public enum ConstraintKind
{
    /// <summary>A regular expression.</summary>
    Regex,

    /// <summary>A context-free grammar in the notation of llama.cpp (GBNF).</summary>
    Grammar,
}
