namespace O1Coder.Problems;

/// <summary>A statement of Python, or the head of a compound one.</summary>
/// <param name="Indent">The characters before it.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Tokens">Its tokens, at least one.</param>
internal sealed record CheckLine(int Indent, int Line, IReadOnlyList<CheckToken> Tokens)
{
    private static readonly string[] s_compound = ["**=", "//=", "==", "!=", "<=", ">=", "//", "**", "+=", "-=", "*=", "/=", "%=", "->", ":=", "<<", ">>"];

    /// <summary>Its first word.</summary>
    public string Head => Tokens[0].Text;

    /// <summary>Cuts a source into statements.</summary>
    /// <param name="source">The source; its lines end with '\n'.</param>
    /// <exception cref="NotCheckableException">The source is malformed, or two statements stand on a line.</exception>
    public static List<CheckLine> Split(string source)
    {
        var tokens = PythonTokens.Scan(source, out var errorLine, out var error);
        if (error is not null)
        {
            throw new NotCheckableException($"line {errorLine + 1}: {error}");
        }

        var lines = new List<CheckLine>();
        var current = new List<CheckToken>();
        var indent = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == PythonTokenKind.StatementEnd)
            {
                if (current.Count > 0)
                {
                    lines.Add(new CheckLine(indent, current[0].Line, current));
                    current = [];
                }

                continue;
            }

            if (current.Count == 0)
            {
                indent = IndentOf(source, token);
            }

            var text = token.TextIn(source);
            if (token.Kind == PythonTokenKind.Symbol)
            {
                text = s_compound.FirstOrDefault(symbol => string.CompareOrdinal(source, token.Start, symbol, 0, symbol.Length) == 0) ?? text;
                i += text.Length - 1;
            }

            current.Add(new CheckToken(token.Kind, text, token.Line + 1));
        }

        return lines;
    }

    private static int IndentOf(string source, PythonToken token)
    {
        var start = source.LastIndexOf('\n', Math.Max(0, token.Start - 1), Math.Max(0, token.Start)) + 1;
        var before = source[start..token.Start];
        return before.All(c => c == ' ') || before.All(c => c == '\t')
            ? before.Length
            : throw new NotCheckableException($"line {token.Line + 1}: two statements on a line, or tabs and spaces mixed");
    }
}
