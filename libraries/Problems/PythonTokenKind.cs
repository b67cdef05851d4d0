namespace O1Coder.Problems;

/// <summary>The kinds of token that <see cref="PythonTokens"/> tells apart.</summary>
internal enum PythonTokenKind
{
    Name,
    Number,
    Text,
    Symbol,
    StatementEnd,
}
