using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace O1Coder.Problems;

/// <summary>
/// Reads Python literals by recursive descent; each method returns null for what is no literal. Grammar: "Literals" and
/// "Displays" in the Python language reference.
/// </summary>
/// <param name="source">The text.</param>
internal sealed partial class PythonLiteralReader(string source)
{
    private int _at;
    private int _depth;

    /// <summary>The one literal that the whole text is.</summary>
    public PythonLiteral? ReadWhole() => ReadValue() is { } value && IsEnd() ? value : null;

    /// <summary>The literals with commas between them that the whole text is; a comma may follow the last.</summary>
    public List<PythonLiteral>? ReadList()
    {
        var values = new List<PythonLiteral>();
        while (!IsEnd())
        {
            if (ReadValue() is not { } value)
            {
                return null;
            }

            values.Add(value);
            if (!Take(',') && !IsEnd())
            {
                return null;
            }
        }

        return values;
    }

    private PythonLiteral? ReadValue()
    {
        SkipSpace();
        if (_at == source.Length || _depth == PythonLiteral.MaxDepth)
        {
            return null;
        }

        _depth++;
        var c = source[_at];
        var value = c switch
        {
            '[' => ReadSequence('[', ']'),
            '(' => ReadSequence('(', ')'),
            '{' => ReadBraces(),
            '\'' or '"' => ReadText(isRaw: false),
            'r' or 'R' or 'u' or 'U' when _at + 1 < source.Length && source[_at + 1] is '\'' or '"' => ReadPrefixedText(),
            _ when char.IsAsciiDigit(c) || c is '-' or '+' or '.' => ReadNumber(),
            _ => ReadWord(),
        };
        _depth--;
        return value;
    }

    private PythonLiteral? ReadWord()
    {
        foreach (var word in (ReadOnlySpan<string>)["True", "False", "None", "set()"])
        {
            var end = _at + word.Length;
            if (source.AsSpan(_at).StartsWith(word, StringComparison.Ordinal) && (end == source.Length || !IsNamePart(source[end])))
            {
                _at = end;
                return new PythonLiteral(word, word);
            }
        }

        return null;
    }

    private PythonLiteral? ReadNumber()
    {
        var sign = "";
        if (source[_at] is '-' or '+')
        {
            sign = source[_at++] == '-' ? "-" : "";
            SkipSpace();
        }

        var match = Number().Match(source, _at);
        var end = match.Index + match.Length;
        if (!match.Success || (end < source.Length && (IsNamePart(source[end]) || source[end] == '.')))
        {
            return null;
        }

        _at = end;
        var text = sign + match.Value.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        return new PythonLiteral(text, text);
    }

    private PythonLiteral? ReadSequence(char opener, char closer)
    {
        _at++;
        var values = new List<PythonLiteral>();
        var comma = false;
        while (!Take(closer))
        {
            if ((values.Count > 0 && !comma) || ReadValue() is not { } value)
            {
                return null;
            }

            values.Add(value);
            comma = Take(',');
        }

        if (opener == '(' && values.Count == 1)
        {
            // Brackets around one value are no tuple.
            return comma ? new PythonLiteral($"({values[0].Text},)", $"({values[0].Key},)") : values[0];
        }

        return Join(values, opener, closer);
    }

    private PythonLiteral? ReadBraces()
    {
        _at++;
        if (Take('}'))
        {
            return new PythonLiteral("{}", "{}");
        }

        var entries = new List<PythonLiteral>();
        bool? isDictionary = null;
        var comma = true;
        while (!Take('}'))
        {
            if (!comma || ReadValue() is not { } key || !CanBeKey(key.Text))
            {
                return null;
            }

            var colon = Take(':');
            if ((isDictionary ??= colon) != colon)
            {
                return null;
            }

            if (colon)
            {
                if (ReadValue() is not { } value)
                {
                    return null;
                }

                key = new PythonLiteral($"{key.Text}: {value.Text}", $"{key.Key}: {value.Key}");
            }

            entries.Add(key);
            comma = Take(',');
        }

        entries = isDictionary == true ? entries : [.. entries.OrderBy(entry => entry.Text, StringComparer.Ordinal)];
        return Join(entries, '{', '}') with
        {
            Key = $"{{{string.Join(", ", entries.Select(entry => entry.Key).Order(StringComparer.Ordinal))}}}",
        };
    }

    private PythonLiteral? ReadPrefixedText()
    {
        var isRaw = source[_at++] is 'r' or 'R';
        return ReadText(isRaw);
    }

    private PythonLiteral? ReadText(bool isRaw)
    {
        var quote = source[_at];
        var isTriple = _at + 2 < source.Length && source[_at + 1] == quote && source[_at + 2] == quote;
        var closer = new string(quote, isTriple ? 3 : 1);
        _at += closer.Length;
        var text = new StringBuilder();
        while (_at < source.Length && !source.AsSpan(_at).StartsWith(closer, StringComparison.Ordinal))
        {
            var c = source[_at];
            if (c == '\n' && !isTriple)
            {
                return null;
            }

            if (c != '\\')
            {
                text.Append(c);
                _at++;
            }
            else if (!(isRaw ? ReadRawEscape(text) : ReadEscape(text)))
            {
                return null;
            }
        }

        if (_at == source.Length)
        {
            return null;
        }

        _at += closer.Length;

        // A text right after a text would be joined to it.
        SkipSpace();
        return _at < source.Length && source[_at] is '\'' or '"' ? null : Quote(text.ToString());
    }

    private bool ReadRawEscape(StringBuilder text)
    {
        if (_at + 1 >= source.Length)
        {
            return false;
        }

        text.Append(source, _at, 2);
        _at += 2;
        return true;
    }

    private bool ReadEscape(StringBuilder text)
    {
        var kind = _at + 1 < source.Length ? source[_at + 1] : '\0';
        _at += 2;
        var simple = "\\'\"abfnrtv".IndexOf(kind, StringComparison.Ordinal);
        if (simple >= 0)
        {
            text.Append("\\'\"\a\b\f\n\r\t\v"[simple]);
            return true;
        }

        if (kind == '\n')
        {
            return true;
        }

        var digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0)
        {
            return kind is >= '0' and <= '7' && ReadOctal(text, kind);
        }

        if (_at + digits > source.Length ||
            !uint.TryParse(source.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ||
            !Rune.TryCreate(code, out var rune))
        {
            return false;
        }

        _at += digits;
        text.Append(rune.ToString());
        return true;
    }

    private bool ReadOctal(StringBuilder text, char first)
    {
        var code = first - '0';
        for (var i = 0; i < 2 && _at < source.Length && source[_at] is >= '0' and <= '7'; i++)
        {
            code = (code * 8) + (source[_at++] - '0');
        }

        text.Append((char)code);
        return true;
    }

    // As repr() writes it: single quotes unless the text holds such and no double ones.
    private static PythonLiteral Quote(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                var c when c == quote => quoted.Append('\\').Append(quote),
                < ' ' or (>= 0x7f and <= 0xa0) or 0xad => quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                _ => quoted.Append(rune.ToString()),
            };
        }

        var whole = quoted.Append(quote).ToString();
        return new PythonLiteral(whole, whole);
    }

    private static PythonLiteral Join(List<PythonLiteral> values, char opener, char closer) => new(
        $"{opener}{string.Join(", ", values.Select(value => value.Text))}{closer}",
        $"{opener}{string.Join(", ", values.Select(value => value.Key))}{closer}");

    // Lists, dictionaries and sets cannot be looked up; nor can tuples that hold such, outside of their texts.
    private static bool CanBeKey(string text)
    {
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '[' or '{' or 's')
            {
                return false;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
        }

        return true;
    }

    private bool Take(char c)
    {
        SkipSpace();
        if (_at == source.Length || source[_at] != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool IsEnd()
    {
        SkipSpace();
        return _at == source.Length;
    }

    private void SkipSpace()
    {
        while (_at < source.Length && source[_at] is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c == '_';

    // A zero may lead no other digit but zeros.
    [GeneratedRegex(@"\G(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*\.(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*[eE][+-]?[0-9](?:_?[0-9])*|[1-9](?:_?[0-9])*|0(?:_?0)*)")]
    private static partial Regex Number();
}
