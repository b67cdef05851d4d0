namespace O1Coder.Problems;

/// <summary>An assertion <c>assert f(ARGUMENTS) == EXPECTED</c> on literals, in canonical form.</summary>
/// <param name="Arguments">The arguments as they stand between the brackets, canonical; empty for none.</param>
/// <param name="Expected">The expected value.</param>
public sealed record PythonEquality(string Arguments, PythonLiteral Expected)
{
    /// <summary>The longest canonical text of arguments, characters: an assertion is for people to read.</summary>
    public const int MaxArguments = 2000;

    /// <summary>Reads a test of this form; null when it has another.</summary>
    /// <param name="test">The test.</param>
    /// <param name="function">The function's name.</param>
    public static PythonEquality? Read(AssertionTest test, string function)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (PythonAssertions.StatementsOf(test) is not [var statement] || CallIn(statement, function) is not ( >= 0 and var start, var end))
        {
            return null;
        }

        var before = statement[..start].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var after = statement[(end + 1)..].TrimStart();
        return before is ["assert"] && after.StartsWith("==", StringComparison.Ordinal)
            && ArgumentsOf(statement, function) is { } arguments && PythonLiteral.Read(after[2..]) is { } expected
            ? new PythonEquality(arguments, expected)
            : null;
    }

    /// <summary>
    /// The arguments of the first call of a function in a test, canonical; null when it is not called there, or not with
    /// literals alone.
    /// </summary>
    /// <param name="code">The test's code.</param>
    /// <param name="function">The function's name.</param>
    public static string? ArgumentsOf(string code, string function)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(function);
        var (start, end) = CallIn(code, function);
        return start < 0 ? null : Canonical(code[(code.IndexOf('(', start) + 1)..end]);
    }

    /// <summary>Arguments in canonical form: literals alone, by position; null for anything else.</summary>
    /// <param name="arguments">The text between the brackets.</param>
    public static string? Canonical(string arguments)
    {
        var values = PythonLiteral.ReadArguments(arguments);
        var text = values is null ? null : string.Join(", ", values.Select(value => value.Text));
        return text is { Length: <= MaxArguments } ? text : null;
    }

    /// <summary>The assertion.</summary>
    /// <param name="function">The function's name.</param>
    public AssertionTest ToTest(string function) => new($"assert {function}({Arguments}) == {Expected.Text}");

    // Where the call's name starts and where its closing bracket stands; -1 for no call.
    private static (int Start, int End) CallIn(string code, string function)
    {
        var tokens = PythonTokens.Scan(code, out _, out var error);
        for (var i = 0; error is null && i + 1 < tokens.Count; i++)
        {
            var isCall = tokens[i].Kind == PythonTokenKind.Name && tokens[i].TextIn(code) == function
                && tokens[i + 1].Is(code, '(') && (i == 0 || !tokens[i - 1].Is(code, '.'));
            if (!isCall)
            {
                continue;
            }

            var depth = 0;
            foreach (var token in tokens.Skip(i + 1).Where(token => token.Kind == PythonTokenKind.Symbol))
            {
                depth += code[token.Start] is '(' or '[' or '{' ? 1 : code[token.Start] is ')' or ']' or '}' ? -1 : 0;
                if (depth == 0)
                {
                    return (tokens[i].Start, token.Start);
                }
            }
        }

        return (-1, -1);
    }
}
