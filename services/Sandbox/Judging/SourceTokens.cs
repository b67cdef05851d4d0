using O1Coder.V1;

namespace O1Coder.Sandbox.Judging;

/// <summary>
/// Cuts source into words, texts and signs and leaves comments out, in one pass; what is malformed ends where the source
/// does. It knows the comments and quotes of each language, which is enough for counting.
/// </summary>
internal static class SourceTokens
{
    private static readonly string[] s_signs = ["&&", "||", "??", "?.", "?:"];

    /// <summary>The tokens of a source.</summary>
    public static IEnumerable<SourceToken> Scan(string source, Language language)
    {
        var (at, line, isPython) = (0, 0, language == Language.Python);
        while (at < source.Length)
        {
            var (c, start, first) = (source[at], at, line);
            if (char.IsWhiteSpace(c))
            {
                line += c == '\n' ? 1 : 0;
                at++;
                continue;
            }

            var comment = isPython ? (c == '#' ? "\n" : null) : Stands("//") ? "\n" : Stands("/*") ? "*/" : null;
            if (comment is not null)
            {
                var end = source.IndexOf(comment, at + 1, StringComparison.Ordinal);
                at = end < 0 ? source.Length : comment == "\n" ? end : end + 2;
                line += source.AsSpan(start, at - start).Count('\n');
                continue;
            }

            var kind = IsQuote(source, at, language) ? SourceTokenKind.Text : IsWord(c) ? SourceTokenKind.Word : SourceTokenKind.Sign;
            at = kind switch
            {
                SourceTokenKind.Text => EndOfText(source, at, isPython),
                SourceTokenKind.Word => EndOfWord(source, at),
                _ => at + (s_signs.FirstOrDefault(Stands)?.Length ?? 1),
            };
            line += source.AsSpan(start, at - start).Count('\n');
            yield return new SourceToken(kind, kind == SourceTokenKind.Text ? "" : source[start..at], first, line);

            bool Stands(string sign) => source.AsSpan(at).StartsWith(sign, StringComparison.Ordinal);
        }
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    // Rust's lifetimes begin as its characters do.
    private static bool IsQuote(string source, int at, Language language) => source[at] switch
    {
        '"' => true,
        '`' => language is Language.Javascript or Language.Go,
        '\'' => language != Language.Rust || (at + 2 < source.Length && (source[at + 1] == '\\' || source[at + 2] == '\'')),
        _ => false,
    };

    private static int EndOfWord(string source, int at)
    {
        while (at < source.Length && IsWord(source[at]))
        {
            at++;
        }

        return at;
    }

    private static int EndOfText(string source, int at, bool isPython)
    {
        var quote = source[at];
        var isTriple = (isPython || quote == '"') && at + 2 < source.Length && source[at + 1] == quote && source[at + 2] == quote;
        var closer = new string(quote, isTriple ? 3 : 1);
        for (at += closer.Length; at < source.Length; at++)
        {
            if (source[at] == '\\')
            {
                at++;
            }
            else if (source.AsSpan(at).StartsWith(closer, StringComparison.Ordinal))
            {
                return at + closer.Length;
            }
            else if (source[at] == '\n' && !isTriple && quote != '`')
            {
                return at;
            }
        }

        return source.Length;
    }
}
