using System.Globalization;
using System.Numerics;
using System.Text;

namespace O1Coder.Sandbox.Plain;

/// <summary>
/// Reads Python literals as values by recursive descent: numbers, texts, bytes, True, False, None, lists, tuples,
/// dictionaries and sets of these. Every method returns null or false for anything else, which is then left to who can
/// evaluate it. Grammar: "Literals" and "Displays" in the Python language reference.
/// </summary>
/// <param name="source">The text.</param>
internal sealed class PythonValueReader(string source)
{
    private const int DeepestLevel = 64;
    private const int LongestNumber = 4000;
    private int _at;
    private int _depth;

    /// <summary>Takes a name and returns it; null where none stands.</summary>
    public string? Name()
    {
        SkipSpace();
        var start = _at;
        while (_at < source.Length && (source[_at] == '_' || char.IsAsciiLetter(source[_at]) || (_at > start && char.IsAsciiDigit(source[_at]))))
        {
            _at++;
        }

        // A letter of another script would go on with the name.
        return _at == start || (_at < source.Length && source[_at] > '\x7f') ? null : source[start.._at];
    }

    /// <summary>Takes a sign if it stands here.</summary>
    public bool Take(string sign)
    {
        SkipSpace();
        if (!source.AsSpan(_at).StartsWith(sign, StringComparison.Ordinal))
        {
            return false;
        }

        _at += sign.Length;
        return true;
    }

    /// <summary>Whether nothing follows but space.</summary>
    public bool IsEnd()
    {
        SkipSpace();
        return _at == source.Length;
    }

    /// <summary>Literals with commas between them up to the closing sign, which is taken; null for anything else.</summary>
    public List<PlainValue>? List(string closer, out bool endsWithComma)
    {
        var items = new List<PlainValue>();
        endsWithComma = false;
        while (!Take(closer))
        {
            if ((items.Count > 0 && !endsWithComma) || Value() is not { } item)
            {
                return null;
            }

            items.Add(item);
            endsWithComma = Take(",");
        }

        return items;
    }

    /// <summary>One literal.</summary>
    public PlainValue? Value()
    {
        SkipSpace();
        if (_at == source.Length || _depth == DeepestLevel)
        {
            return null;
        }

        _depth++;
        var c = source[_at];
        var value = c switch
        {
            '[' => Sequence(PlainKind.List),
            '(' => Sequence(PlainKind.Tuple),
            '{' => Braces(),
            '-' or '+' => Signed(),
            _ when char.IsAsciiDigit(c) || c == '.' => Number(),
            _ when c is '\'' or '"' || IsPrefix() => Texts(),
            _ => Name() switch { "None" => PlainValue.Null, "True" => PlainValue.True, "False" => PlainValue.False, _ => null },
        };
        _depth--;
        return value;
    }

    private PlainValue? Sequence(PlainKind kind)
    {
        _at++;
        if (List(kind == PlainKind.List ? "]" : ")", out var comma) is not { } items)
        {
            return null;
        }

        // Brackets around one value are no tuple.
        return kind == PlainKind.Tuple && items.Count == 1 && !comma ? items[0] : PlainValue.Of(kind, items);
    }

    private PlainValue? Braces()
    {
        _at++;
        var (items, comma, isMap) = (new List<PlainValue>(), true, true);
        while (!Take("}"))
        {
            if (!comma || Value() is not { } key || !CanBeKey(key))
            {
                return null;
            }

            var colon = Take(":");
            if (items.Count > 0 && colon != isMap)
            {
                return null;
            }

            isMap = colon;
            items.Add(key);
            if (colon)
            {
                if (Value() is not { } value)
                {
                    return null;
                }

                items.Add(value);
            }

            comma = Take(",");
        }

        return isMap ? WithoutRepeatedKeys(items) : PlainValue.Of(PlainKind.Set, items);
    }

    // Which of two entries with one key stays is a rule of Python's that is left to Python.
    private static PlainValue? WithoutRepeatedKeys(List<PlainValue> items)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        return Enumerable.Range(0, items.Count / 2).All(index => texts.Add(PlainEquality.KeyOf(items[2 * index]))) ? PlainValue.Of(PlainKind.Map, items) : null;
    }

    private static bool CanBeKey(PlainValue value) => value.Kind switch
    {
        PlainKind.List or PlainKind.Set or PlainKind.Map => false,
        PlainKind.Tuple => value.Items.All(CanBeKey),
        _ => true,
    };

    private PlainValue? Signed()
    {
        var minus = source[_at++] == '-';
        SkipSpace();
        if (_at == source.Length || !(char.IsAsciiDigit(source[_at]) || source[_at] == '.') || Number() is not { } number)
        {
            return null;
        }

        return !minus ? number
            : number.Kind == PlainKind.Integer ? PlainValue.OfInteger(-number.Integer)
            : PlainValue.OfFloat(-number.Float, FloatText.Show(-number.Float));
    }

    private PlainValue? Number()
    {
        var start = _at;
        while (_at < source.Length && (char.IsAsciiLetterOrDigit(source[_at]) || source[_at] is '.' or '_'
            || (source[_at] is '+' or '-' && source[_at - 1] is 'e' or 'E' && !IsHexadecimal(start))))
        {
            _at++;
        }

        var written = source[start.._at];
        if (written.Length > LongestNumber || written.EndsWith('_') || written.Contains("__", StringComparison.Ordinal))
        {
            return null;
        }

        var digits = written.Replace("_", "", StringComparison.Ordinal);
        if (IsHexadecimal(start))
        {
            return BigInteger.TryParse("0" + digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && digits.Length > 2
                ? PlainValue.OfInteger(value) : null;
        }

        if (digits.All(char.IsAsciiDigit))
        {
            return digits.Length == 1 || digits[0] != '0' ? PlainValue.OfInteger(BigInteger.Parse(digits, CultureInfo.InvariantCulture)) : null;
        }

        return digits.All(c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' or '+' or '-') ? FloatText.Read(digits) : null;
    }

    private bool IsHexadecimal(int start) => start + 1 < source.Length && source[start] == '0' && source[start + 1] is 'x' or 'X';

    private bool IsPrefix()
    {
        var end = _at;
        while (end < source.Length && end - _at < 2 && "rRuUbB".Contains(source[end], StringComparison.Ordinal))
        {
            end++;
        }

        return end > _at && end < source.Length && source[end] is '\'' or '"';
    }

    // Texts that follow one another are one.
    private PlainValue? Texts()
    {
        var text = new StringBuilder();
        bool? isBytes = null;
        do
        {
            var start = _at;
            while (source[_at] is not ('\'' or '"'))
            {
                _at++;
            }

            var prefix = source[start.._at].ToLowerInvariant();
            if (prefix is not ("" or "r" or "u" or "b" or "rb" or "br") || (isBytes ??= prefix.Contains('b')) != prefix.Contains('b')
                || !Text(text, prefix.Contains('r'), isBytes.Value))
            {
                return null;
            }

            SkipSpace();
        }
        while (_at < source.Length && (source[_at] is '\'' or '"' || IsPrefix()));
        return isBytes == true ? PlainValue.OfBytes(Encoding.Latin1.GetBytes(text.ToString())) : PlainValue.OfText(text.ToString());
    }

    private bool Text(StringBuilder text, bool isRaw, bool isBytes)
    {
        var quote = source[_at];
        var isTriple = _at + 2 < source.Length && source[_at + 1] == quote && source[_at + 2] == quote;
        var closer = new string(quote, isTriple ? 3 : 1);
        _at += closer.Length;
        while (_at < source.Length && !source.AsSpan(_at).StartsWith(closer, StringComparison.Ordinal))
        {
            var c = source[_at];
            if ((c == '\n' && !isTriple) || c == '\r' || (isBytes && c > '\x7f'))
            {
                return false;
            }

            if (c != '\\')
            {
                text.Append(c);
                _at++;
            }
            else if (_at + 1 == source.Length || !(isRaw ? RawEscape(text) : Escape(text, isBytes)))
            {
                return false;
            }
        }

        _at += closer.Length;
        return _at <= source.Length;
    }

    private bool RawEscape(StringBuilder text)
    {
        text.Append(source, _at, 2);
        _at += 2;
        return true;
    }

    private bool Escape(StringBuilder text, bool isBytes)
    {
        var kind = source[_at + 1];
        _at += 2;
        var simple = "\\'\"abfnrtv".IndexOf(kind, StringComparison.Ordinal);
        if (simple >= 0)
        {
            text.Append("\\'\"\a\b\f\n\r\t\v"[simple]);
            return true;
        }

        // What else there is (names, octal numbers, unknown escapes) is left to Python.
        var digits = kind switch { 'x' => 2, 'u' when !isBytes => 4, 'U' when !isBytes => 8, _ => 0 };
        if (digits == 0 || _at + digits > source.Length
            || !uint.TryParse(source.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code > 0x10ffff)
        {
            return false;
        }

        _at += digits;
        _ = code <= 0xffff ? text.Append((char)code) : text.Append(char.ConvertFromUtf32((int)code));
        return true;
    }

    private void SkipSpace()
    {
        while (_at < source.Length && source[_at] is ' ' or '\t' or '\n')
        {
            _at++;
        }
    }
}
