namespace O1Coder.Problems;

/// <summary>Finds calls of plain names in Python source.</summary>
internal static class PythonCalls
{
    private static readonly HashSet<string> s_notEntryPoints = new(StringComparer.Ordinal)
    {
        // Keywords that a bracket may follow.
        "assert", "and", "or", "not", "in", "is", "if", "else", "for", "lambda", "await", "yield", "import", "from", "as",

        // Built-in functions and types, as in the Python library reference.
        "abs", "all", "any", "ascii", "bin", "bool", "bytearray", "bytes", "callable", "chr", "complex", "dict", "dir",
        "divmod", "enumerate", "eval", "filter", "float", "format", "frozenset", "getattr", "hasattr", "hash", "hex", "id",
        "int", "isinstance", "issubclass", "iter", "len", "list", "map", "max", "min", "next", "object", "oct", "ord",
        "pow", "print", "range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple", "type",
        "vars", "zip",
    };

    /// <summary>Whether a name is a keyword or one of Python's own functions.</summary>
    public static bool IsBuiltIn(string name) => s_notEntryPoints.Contains(name);

    /// <summary>Whether a name occurs in the source outside texts and comments, and not as an attribute.</summary>
    public static bool Mentions(string source, string name)
    {
        var tokens = PythonTokens.Scan(source, out _, out _);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (IsPlainName(source, tokens, i) && source.AsSpan(tokens[i].Start, tokens[i].Length).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The calls of plain names, in the order in which they start.</summary>
    public static IReadOnlyList<PythonCall> In(string source)
    {
        var tokens = PythonTokens.Scan(source, out _, out _);
        var calls = new List<PythonCall>();
        var frames = new Stack<Frame>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == PythonTokenKind.StatementEnd)
            {
                continue;
            }

            var symbol = token.Kind == PythonTokenKind.Symbol ? source[token.Start] : '\0';
            if (symbol is ')' or ']' or '}')
            {
                Close(calls, frames);
                continue;
            }

            if (frames.TryPeek(out var frame))
            {
                frame.Take(symbol, i + 1 < tokens.Count && tokens[i + 1].Is(source, '=') || IsComparison(source, tokens, i - 1));
            }

            if (symbol is '(' or '[' or '{')
            {
                var call = -1;
                if (symbol == '(' && i > 0 && IsPlainName(source, tokens, i - 1))
                {
                    call = calls.Count;
                    calls.Add(new PythonCall(tokens[i - 1].TextIn(source), 0, false));
                }

                frames.Push(new Frame(call));
            }
        }

        return calls;
    }

    private static bool IsPlainName(string source, List<PythonToken> tokens, int i) =>
        tokens[i].Kind == PythonTokenKind.Name && (i == 0 || !tokens[i - 1].Is(source, '.'));

    // "==", "!=", "<=", ">=" and ":=" come as two symbols; the second is no keyword argument's "=".
    private static bool IsComparison(string source, List<PythonToken> tokens, int i) =>
        i >= 0 && tokens[i].Kind == PythonTokenKind.Symbol && source[tokens[i].Start] is '=' or '!' or '<' or '>' or ':';

    private static void Close(List<PythonCall> calls, Stack<Frame> frames)
    {
        if (frames.TryPop(out var frame) && frame.Call >= 0)
        {
            calls[frame.Call] = calls[frame.Call] with { Positional = frame.Positional, HasKeywords = frame.HasKeywords };
        }
    }

    private sealed class Frame(int call)
    {
        private bool _inArgument;
        private bool _isKeyword;

        public int Call { get; } = call;

        public bool HasKeywords { get; private set; }

        public int Positional { get; private set; }

        public void Take(char symbol, bool besideEquals)
        {
            if (symbol == ',')
            {
                _inArgument = false;
                _isKeyword = false;
            }
            else if (symbol == '=' && !besideEquals && !_isKeyword && _inArgument)
            {
                _isKeyword = true;
                HasKeywords = true;
                Positional--;
            }
            else if (!_inArgument)
            {
                _inArgument = true;
                Positional++;
            }
        }
    }
}
