namespace O1Coder.Problems;

/// <summary>A piece of Python source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character's index.</param>
/// <param name="Length">Its length, characters.</param>
/// <param name="Line">The line it starts on, from 0.</param>
internal readonly record struct PythonToken(PythonTokenKind Kind, int Start, int Length, int Line)
{
    /// <summary>The index behind its last character.</summary>
    public int End => Start + Length;

    /// <summary>Whether it is this one-character symbol.</summary>
    public bool Is(string source, char symbol) => Kind == PythonTokenKind.Symbol && source[Start] == symbol;

    /// <summary>Its text.</summary>
    public string TextIn(string source) => source.Substring(Start, Length);
}
