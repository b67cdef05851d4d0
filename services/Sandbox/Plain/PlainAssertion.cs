namespace O1Coder.Sandbox.Plain;

/// <summary>
/// An assertion that is one call of a function with literals, compared with a literal: it needs nobody to evaluate it.
/// </summary>
/// <param name="Entry">The function's name.</param>
/// <param name="Arguments">The arguments, a list.</param>
/// <param name="Expected">The value on the other side.</param>
/// <param name="ByIdentity">Whether it is compared by <c>is</c>: with None, True or False.</param>
internal sealed record PlainAssertion(string Entry, PlainValue Arguments, PlainValue Expected, bool ByIdentity)
{
    private const int LongestSource = 1 << 20;

    // A name that the interpreter has too is the test's when the program is not asked for it; who evaluates it knows.
    private static readonly HashSet<string> s_builtIn =
    [
        "abs", "aiter", "all", "anext", "any", "ascii", "bin", "bool", "breakpoint", "bytearray", "bytes", "callable", "chr", "classmethod",
        "compile", "complex", "copyright", "credits", "delattr", "dict", "dir", "divmod", "enumerate", "eval", "exec", "exit", "filter", "float",
        "format", "frozenset", "getattr", "globals", "hasattr", "hash", "help", "hex", "id", "input", "int", "isinstance", "issubclass", "iter",
        "len", "license", "list", "locals", "map", "max", "memoryview", "min", "next", "object", "oct", "open", "ord", "pow", "print", "property",
        "quit", "range", "repr", "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type",
        "vars", "zip", "not", "lambda", "await", "yield", "None", "True", "False", "and", "or", "in", "is", "if", "else", "for",
    ];

    /// <summary>Reads a test; null when it has any other form.</summary>
    public static PlainAssertion? Read(string code)
    {
        // One line or several: brackets alone may hold a line's end, so a statement that follows is not taken for its part.
        var trimmed = code.Trim();
        if (trimmed.Length > LongestSource || !trimmed.StartsWith("assert", StringComparison.Ordinal) || !SpansOneStatement(trimmed))
        {
            return null;
        }

        var reader = new PythonValueReader(trimmed);
        if (reader.Name() != "assert" || reader.Name() is not { } entry || s_builtIn.Contains(entry) || char.IsAsciiLetterUpper(entry.TrimStart('_').FirstOrDefault())
            || !reader.Take("(") || reader.List(")", out _) is not { } arguments)
        {
            return null;
        }

        var equals = reader.Take("==");
        if ((!equals && reader.Name() != "is") || reader.Value() is not { } expected)
        {
            return null;
        }

        if (reader.Take(",") && reader.Value() is not { Kind: PlainKind.Text })
        {
            return null; // a message that has to be evaluated
        }

        var isPlain = equals || expected.Kind is PlainKind.Null or PlainKind.Bool;
        return isPlain && reader.IsEnd() ? new PlainAssertion(entry, PlainValue.Of(PlainKind.List, arguments), expected, !equals) : null;
    }

    // A line's end outside of brackets and texts ends a statement.
    private static bool SpansOneStatement(string code)
    {
        var (depth, quote) = (0, "");
        for (var i = 0; i < code.Length; i++)
        {
            var c = code[i];
            if (quote.Length > 0)
            {
                if (c == '\\')
                {
                    i++;
                }
                else if (code.AsSpan(i).StartsWith(quote, StringComparison.Ordinal))
                {
                    i += quote.Length - 1;
                    quote = "";
                }
            }
            else if (c is '\'' or '"')
            {
                quote = i + 2 < code.Length && code[i + 1] == c && code[i + 2] == c ? new string(c, 3) : c.ToString();
                i += quote.Length - 1;
            }
            else
            {
                depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
                if (c is '\n' && depth == 0)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
