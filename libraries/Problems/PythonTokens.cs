namespace O1Coder.Problems;

/// <summary>
/// Cuts Python source into tokens, far enough to find where statements end and which names they use. It runs in one
/// pass without backtracking; comments and white space make no token. Source: "Lexical analysis" in the Python language
/// reference.
/// </summary>
internal static class PythonTokens
{
    /// <summary>Scans a source text whose lines end with '\n'.</summary>
    /// <param name="source">The text.</param>
    /// <param name="errorLine">The line of the fault, from 0; meaningless without one.</param>
    /// <param name="error">What is wrong, or null.</param>
    /// <returns>The tokens up to the end or the fault; each statement ends with <see cref="PythonTokenKind.StatementEnd"/>.</returns>
    public static List<PythonToken> Scan(string source, out int errorLine, out string? error)
    {
        var tokens = new List<PythonToken>();
        var open = new Stack<(char Closer, int Line)>();
        var line = 0;
        var i = 0;
        errorLine = 0;
        error = null;

        while (i < source.Length)
        {
            var c = source[i];
            if (c == '\n')
            {
                if (open.Count == 0)
                {
                    EndStatement(tokens, i, line);
                }

                line++;
                i++;
            }
            else if (c == '\\' && i + 1 < source.Length && source[i + 1] == '\n')
            {
                line++;
                i += 2;
            }
            else if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c == '#')
            {
                var end = source.IndexOf('\n', i);
                i = end < 0 ? source.Length : end;
            }
            else if (c is '"' or '\'')
            {
                var start = i;
                var startLine = line;
                i = SkipText(source, i, ref line);
                if (i < 0)
                {
                    errorLine = startLine;
                    error = "a text in quotes is never closed";
                    return tokens;
                }

                tokens.Add(new PythonToken(PythonTokenKind.Text, start, i - start, startLine));
            }
            else if (char.IsLetter(c) || c == '_')
            {
                var start = i;
                while (i < source.Length && (char.IsLetterOrDigit(source[i]) || source[i] == '_'))
                {
                    i++;
                }

                // r"", b"", f"" and the like: the prefix belongs to the text that follows.
                var isPrefix = i < source.Length && source[i] is '"' or '\'' && i - start <= 2;
                if (!isPrefix)
                {
                    tokens.Add(new PythonToken(PythonTokenKind.Name, start, i - start, line));
                }
            }
            else if (char.IsDigit(c))
            {
                var start = i;
                while (i < source.Length && (char.IsLetterOrDigit(source[i]) || source[i] is '_' or '.'))
                {
                    i++;
                }

                tokens.Add(new PythonToken(PythonTokenKind.Number, start, i - start, line));
            }
            else
            {
                if (c is '(' or '[' or '{')
                {
                    open.Push((c switch { '(' => ')', '[' => ']', _ => '}' }, line));
                }
                else if (c is ')' or ']' or '}' && (open.Count == 0 || open.Pop().Closer != c))
                {
                    errorLine = line;
                    error = $"\"{c}\" closes nothing";
                    return tokens;
                }

                if (c == ';' && open.Count == 0)
                {
                    EndStatement(tokens, i, line);
                }
                else
                {
                    tokens.Add(new PythonToken(PythonTokenKind.Symbol, i, 1, line));
                }

                i++;
            }
        }

        if (open.Count > 0)
        {
            var (closer, openLine) = open.Peek();
            errorLine = openLine;
            error = $"a bracket is never closed; expected \"{closer}\"";
            return tokens;
        }

        EndStatement(tokens, source.Length, line);
        return tokens;
    }

    private static void EndStatement(List<PythonToken> tokens, int at, int line)
    {
        if (tokens.Count > 0 && tokens[^1].Kind != PythonTokenKind.StatementEnd)
        {
            tokens.Add(new PythonToken(PythonTokenKind.StatementEnd, at, 0, line));
        }
    }

    // The index behind the closing quote, or -1.
    private static int SkipText(string source, int start, ref int line)
    {
        var quote = source[start];
        var triple = start + 2 < source.Length && source[start + 1] == quote && source[start + 2] == quote;
        var i = start + (triple ? 3 : 1);
        while (i < source.Length)
        {
            var c = source[i];
            if (c == '\\')
            {
                if (i + 1 < source.Length && source[i + 1] == '\n')
                {
                    line++;
                }

                i += 2;
            }
            else if (c == '\n')
            {
                if (!triple)
                {
                    return -1;
                }

                line++;
                i++;
            }
            else if (c != quote)
            {
                i++;
            }
            else if (!triple)
            {
                return i + 1;
            }
            else if (i + 2 < source.Length && source[i + 1] == quote && source[i + 2] == quote)
            {
                return i + 3;
            }
            else
            {
                i++;
            }
        }

        return -1;
    }
}
