using System.Globalization;
using System.Numerics;
using System.Text;

namespace O1Coder.Sandbox.Plain;

/// <summary>
/// Reads JSON (RFC 8259) as plain values: numbers keep their digits, so 2 is an integer and 2.0 a float; NaN, Infinity
/// and -Infinity are taken, as Python writes them; a name that comes twice in an object is refused.
/// </summary>
/// <param name="text">The text.</param>
internal sealed class JsonPlainReader(string text)
{
    private const int DeepestLevel = 200;
    private const int LongestNumber = 100_000;
    private int _at;
    private int _depth;

    /// <summary>Reads the one value that a text is.</summary>
    /// <exception cref="PlainFormatException">It is no JSON; the message names the place.</exception>
    public static PlainValue Read(string text) => new JsonPlainReader(text).ReadWhole();

    private PlainValue ReadWhole()
    {
        var value = ReadValue();
        SkipSpace();
        return _at == text.Length ? value : throw Fault("the end");
    }

    private PlainValue ReadValue()
    {
        SkipSpace();
        if (++_depth > DeepestLevel)
        {
            throw new PlainFormatException($"no JSON of at most {DeepestLevel} levels");
        }

        var c = _at < text.Length ? text[_at] : '\0';
        var value = c switch
        {
            '{' => ReadObject(),
            '[' => ReadArray(),
            '"' => PlainValue.OfText(ReadText()),
            _ => ReadWord("null", PlainValue.Null) ?? ReadWord("true", PlainValue.True) ?? ReadWord("false", PlainValue.False)
                ?? ReadWord("NaN", PlainValue.OfFloat(double.NaN, "nan")) ?? ReadWord("Infinity", PlainValue.OfFloat(double.PositiveInfinity, "inf"))
                ?? ReadWord("-Infinity", PlainValue.OfFloat(double.NegativeInfinity, "-inf")) ?? ReadNumber(),
        };
        _depth--;
        return value;
    }

    private PlainValue? ReadWord(string word, PlainValue value)
    {
        if (!text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal))
        {
            return null;
        }

        _at += word.Length;
        return value;
    }

    private PlainValue ReadObject()
    {
        var items = new List<PlainValue>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        _at++;
        while (!Take('}'))
        {
            Require(items.Count == 0 || Take(','), "',' or '}'");
            SkipSpace();
            Require(_at < text.Length && text[_at] == '"', "a name in quotes");
            var name = ReadText();
            Require(names.Add(name), "a name that is not there yet");
            Require(Take(':'), "':'");
            items.Add(PlainValue.OfText(name));
            items.Add(ReadValue());
        }

        return PlainValue.Of(PlainKind.Map, items);
    }

    private PlainValue ReadArray()
    {
        var items = new List<PlainValue>();
        _at++;
        while (!Take(']'))
        {
            Require(items.Count == 0 || Take(','), "',' or ']'");
            items.Add(ReadValue());
        }

        return PlainValue.Of(PlainKind.List, items);
    }

    private string ReadText()
    {
        var value = new StringBuilder();
        for (_at++; ; _at++)
        {
            Require(_at < text.Length && text[_at] >= ' ', "a closing quote");
            if (text[_at] == '"')
            {
                _at++;
                return value.ToString();
            }

            value.Append(text[_at] == '\\' ? ReadEscape() : text[_at]);
        }
    }

    private char ReadEscape()
    {
        var kind = ++_at < text.Length ? text[_at] : '\0';
        var simple = "\"\\/bfnrt".IndexOf(kind, StringComparison.Ordinal);
        if (simple >= 0)
        {
            return "\"\\/\b\f\n\r\t"[simple];
        }

        ushort code = 0;
        Require(kind == 'u' && _at + 4 < text.Length
            && ushort.TryParse(text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code), "an escape");
        _at += 4;
        return (char)code;
    }

    private PlainValue ReadNumber()
    {
        var start = _at;
        _ = _at < text.Length && text[_at] == '-' ? _at++ : _at;
        var digits = _at;
        Digits();
        Require(text[digits] != '0' || _at == digits + 1, "a number without a leading zero");
        var whole = _at;
        if (_at < text.Length && text[_at] == '.')
        {
            _at++;
            Digits();
        }

        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            _at++;
            _ = _at < text.Length && text[_at] is '+' or '-' ? _at++ : _at;
            Digits();
        }

        var written = text[start.._at];
        Require(written.Length <= LongestNumber, $"a number of at most {LongestNumber} characters");
        return _at == whole
            ? PlainValue.OfInteger(BigInteger.Parse(written, CultureInfo.InvariantCulture))
            : FloatText.Read(written)!;
    }

    private void Digits()
    {
        var start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }

        Require(_at > start, "a value");
    }

    private bool Take(char c)
    {
        SkipSpace();
        var found = _at < text.Length && text[_at] == c;
        _at += found ? 1 : 0;
        return found;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }
    }

    private void Require(bool valid, string expected)
    {
        if (!valid)
        {
            throw Fault(expected);
        }
    }

    private PlainFormatException Fault(string expected) =>
        new($"no JSON: {expected} was expected at character {_at + 1} (line {text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n') + 1})");
}
