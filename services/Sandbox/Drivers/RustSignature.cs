using System.Text.RegularExpressions;

namespace O1Coder.Sandbox.Drivers;

/// <summary>
/// Reads as much of a Rust function's signature as a call depends on: whether it has a receiver, and its parameters' types
/// as they are written. It need not be right about programs that do not compile: rustc has the say.
/// </summary>
/// <param name="HasReceiver">Whether it takes self.</param>
/// <param name="Types">The other parameters' types.</param>
internal sealed partial record RustSignature(bool HasReceiver, IReadOnlyList<string> Types)
{
    /// <summary>Finds the first function of a name that is not in a comment; null where there is none.</summary>
    public static RustSignature? Find(string program, string name)
    {
        var plain = Comment().Replace(program, match => new string(' ', match.Length));
        var match = Regex.Match(plain, $@"\bfn\s+{Regex.Escape(name)}\s*(<[^(]*>)?\s*\(", RegexOptions.NonBacktracking);
        if (!match.Success)
        {
            return null;
        }

        var parameters = Split(plain, match.Index + match.Length);
        var hasReceiver = parameters.Count > 0 && Receiver().IsMatch(parameters[0]);
        return new RustSignature(hasReceiver, [.. parameters.Skip(hasReceiver ? 1 : 0).Select(TypeOf)]);
    }

    /// <summary>How an argument is made and passed.</summary>
    /// <param name="index">The parameter's place.</param>
    /// <returns>The type that is made, and the expression that passes the variable <c>aN</c>.</returns>
    public (string Owned, string Passed) Argument(int index)
    {
        var type = Lifetime().Replace(Types[index], "&").Trim();
        var isChanged = type.StartsWith("&mut ", StringComparison.Ordinal);
        if (!type.StartsWith('&'))
        {
            return (type, FormattableString.Invariant($"a{index}"));
        }

        var inner = type[(isChanged ? 5 : 1)..].Trim();
        var isSlice = inner.StartsWith('[') && inner.EndsWith(']') && !inner.Contains(';', StringComparison.Ordinal);
        var owned = inner == "str" ? "String" : isSlice ? $"Vec<{inner[1..^1]}>" : inner;
        return (owned, FormattableString.Invariant($"&{(isChanged ? "mut " : "")}a{index}"));
    }

    private static string TypeOf(string parameter)
    {
        var colon = parameter.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? parameter.Trim() : parameter[(colon + 1)..].Trim();
    }

    // The parameters up to the closing bracket; an arrow's sign closes nothing.
    private static List<string> Split(string text, int at)
    {
        var (found, depth, start) = (new List<string>(), 0, at);
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (depth == 0 && c is ',' or ')' && depth == 0)
            {
                if (text[start..at].Trim().Length > 0)
                {
                    found.Add(text[start..at].Trim());
                }

                start = at + 1;
                if (c == ')')
                {
                    break;
                }
            }
            else
            {
                depth += c is '(' or '[' or '<' ? 1 : c is ')' or ']' || (c == '>' && text[at - 1] != '-') ? -1 : 0;
            }
        }

        return found;
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(&\s*('\w+\s+)?)?(mut\s+)?self\b", RegexOptions.NonBacktracking)]
    private static partial Regex Receiver();

    [GeneratedRegex(@"&\s*('\w+\s+)?", RegexOptions.NonBacktracking)]
    private static partial Regex Lifetime();
}
