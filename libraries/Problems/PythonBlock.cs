namespace O1Coder.Problems;

/// <summary>A statement of Python source with everything that is indented below it.</summary>
/// <param name="Text">Its text from the start of its first line, so with its indentation.</param>
/// <param name="Head">Its first word; empty when it starts with a symbol or a text.</param>
/// <param name="Names">The names that it uses outside texts and comments, attributes left out.</param>
internal sealed record PythonBlock(string Text, string Head, IReadOnlySet<string> Names)
{
    private static readonly string[] s_continuations = ["else", "elif", "except", "finally"];

    /// <summary>Whether it is an import statement.</summary>
    public bool IsImport => Head is "import" or "from";

    /// <summary>Whether it is nothing but a text, as a docstring is.</summary>
    public bool IsText => Names.Count == 0 && Text.Trim() is ['"' or '\'', .., '"' or '\''] && PythonTokens.Scan(Text, out _, out _).Count == 2;

    /// <summary>Cuts a source into blocks at the indentation of its first statement.</summary>
    /// <param name="source">The text; its lines end with '\n'.</param>
    /// <param name="error">What is wrong, or null.</param>
    /// <returns>The blocks in order; incomplete when there is a fault.</returns>
    public static List<PythonBlock> Split(string source, out string? error)
    {
        var tokens = PythonTokens.Scan(source, out _, out error);
        var blocks = new List<PythonBlock>();
        var outer = -1;
        var first = 0; // The current block's first token.
        var statement = 0; // The current statement's first token.
        var isDecorated = false; // Whether the current block is nothing but decorators so far.
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind != PythonTokenKind.StatementEnd)
            {
                continue;
            }

            var indent = IndentOf(source, tokens[statement].Start);
            outer = outer < 0 ? indent : outer;
            if (statement > first && indent >= 0 && indent <= outer && !isDecorated && !Continues(source, tokens[statement]))
            {
                blocks.Add(Of(source, tokens, first, statement));
                first = statement;
            }

            isDecorated = (isDecorated || statement == first) && tokens[statement].Is(source, '@');
            statement = i + 1;
        }

        if (first < statement)
        {
            blocks.Add(Of(source, tokens, first, statement));
        }

        return blocks;
    }

    /// <summary>What stands behind the first colon outside brackets: the body of a definition.</summary>
    public string Body
    {
        get
        {
            var colon = ColonOf(Text, PythonTokens.Scan(Text, out _, out _), 0);
            return colon < 0 ? "" : Text[(colon + 1)..];
        }
    }

    /// <summary>
    /// The signature line of the function of this name that a source defines, at any depth, on one line and without "self";
    /// null where there is none that is valid.
    /// </summary>
    public static string? SignatureOf(string source, string name)
    {
        var tokens = PythonTokens.Scan(source, out _, out _);
        for (var i = 0; i + 2 < tokens.Count; i++)
        {
            if (!IsDefinition(source, tokens, i) || tokens[i + 1].TextIn(source) != name)
            {
                continue;
            }

            var colon = ColonOf(source, tokens, i);
            if (colon < 0)
            {
                continue;
            }

            var text = OnOneLine(source, tokens.Skip(i).TakeWhile(token => token.Start <= colon)).Replace("(self, ", "(", StringComparison.Ordinal)
                .Replace("(self)", "()", StringComparison.Ordinal);
            if (PythonSignature.IsValid(text))
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>The functions that a source defines at its top level.</summary>
    public static List<string> FunctionsOf(string source)
    {
        var tokens = PythonTokens.Scan(source, out _, out _);
        var names = new List<string>();
        for (var i = 0; i + 2 < tokens.Count; i++)
        {
            if (IsDefinition(source, tokens, i) && IndentOf(source, tokens[i].Start) == 0)
            {
                names.Add(tokens[i + 1].TextIn(source));
            }
        }

        return names;
    }

    private static bool IsDefinition(string source, List<PythonToken> tokens, int i) =>
        tokens[i].Kind == PythonTokenKind.Name && tokens[i].Length == 3 && tokens[i].TextIn(source) == "def"
        && tokens[i + 1].Kind == PythonTokenKind.Name && tokens[i + 2].Is(source, '(')
        && (i == 0 || tokens[i - 1].Kind == PythonTokenKind.StatementEnd);

    private static PythonBlock Of(string source, List<PythonToken> tokens, int first, int behind)
    {
        var start = source.LastIndexOf('\n', tokens[first].Start) + 1;
        start = string.IsNullOrWhiteSpace(source[start..tokens[first].Start]) ? start : tokens[first].Start;
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = first; i < behind; i++)
        {
            if (tokens[i].Kind == PythonTokenKind.Name && (i == 0 || !tokens[i - 1].Is(source, '.')))
            {
                names.Add(tokens[i].TextIn(source));
            }
        }

        var head = tokens[first].Kind == PythonTokenKind.Name ? tokens[first].TextIn(source) : "";
        return new PythonBlock(source[start..tokens[behind - 2].End], head, names);
    }

    // "if" and its "else" are one block.
    private static bool Continues(string source, PythonToken next) =>
        next.Kind == PythonTokenKind.Name && s_continuations.Contains(next.TextIn(source));

    // The blanks before the first token of a line; -1 when other tokens stand before it.
    private static int IndentOf(string source, int at)
    {
        var start = at;
        while (start > 0 && source[start - 1] is ' ' or '\t')
        {
            start--;
        }

        return start == 0 || source[start - 1] == '\n' ? at - start : -1;
    }

    private static int ColonOf(string source, List<PythonToken> tokens, int from)
    {
        var depth = 0;
        foreach (var token in tokens.Skip(from).Where(token => token.Kind == PythonTokenKind.Symbol))
        {
            var c = source[token.Start];
            if (c == ':' && depth == 0)
            {
                return token.Start;
            }

            depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
        }

        return -1;
    }

    private static string OnOneLine(string source, IEnumerable<PythonToken> tokens)
    {
        var text = new System.Text.StringBuilder();
        var last = -1;
        foreach (var token in tokens)
        {
            var gap = last < 0 ? "" : source[last..token.Start];
            text.Append(!gap.Contains('\n') ? gap : source[last - 1] is '(' or '[' or '{' || source[token.Start] is ')' or ']' or '}' ? "" : " ");
            text.Append(source, token.Start, token.Length);
            last = token.End;
        }

        return text.ToString();
    }
}
