using System.Globalization;
using System.Text;

namespace O1Coder.Models;

/// <summary>
/// Cuts a Jinja template into tokens as Hugging Face's settings have it: the newline after a statement or comment is left out, and
/// the blanks before one where a line begins with it; <c>-</c> takes all whitespace, <c>+</c> none.
/// </summary>
internal sealed class TemplateLexer
{
    // Longer ones first.
    private static readonly string[] s_operators =
        ["==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "|", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "<", ">"];

    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _position;
    private bool _lineStarts = true;

    private TemplateLexer(string source) => _source = source;

    /// <summary>Cuts a template.</summary>
    /// <exception cref="TemplateException">Something is not closed, or a character is not known.</exception>
    public static List<TemplateToken> Cut(string template)
    {
        var source = template.ReplaceLineEndings("\n");
        var lexer = new TemplateLexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.CutAll();
        return lexer._tokens;
    }

    private int Line => 1 + _source.AsSpan(0, Math.Min(_position, _source.Length)).Count('\n');

    private void CutAll()
    {
        while (_position < _source.Length)
        {
            var tag = NextTag();
            CutText(tag);
            if (tag == _source.Length)
            {
                break;
            }

            var kind = _source[tag + 1];
            _position = tag + 2 + (Peek(tag + 2) is '-' or '+' ? 1 : 0);
            if (kind == '#')
            {
                var end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
                _position = end >= 0 ? end + 2 : throw Wrong("a comment is not closed");
                AfterTag(_source[end - 1], trimNewline: true);
            }
            else
            {
                Add(kind == '{' ? TemplateTokenKind.OutputStart : TemplateTokenKind.StatementStart, "");
                CutInside(kind == '{' ? "}}" : "%}");
            }
        }

        Add(TemplateTokenKind.EndOfTemplate, "");
    }

    private char Peek(int position) => position < _source.Length ? _source[position] : '\0';

    private int NextTag()
    {
        for (var i = _source.IndexOf('{', _position); i >= 0; i = _source.IndexOf('{', i + 1))
        {
            if (Peek(i + 1) is '{' or '%' or '#')
            {
                return i;
            }
        }

        return _source.Length;
    }

    private void CutText(int tag)
    {
        var text = _source.AsSpan(_position, tag - _position);
        if (tag < _source.Length)
        {
            var sign = Peek(tag + 2);
            if (sign == '-')
            {
                text = text.TrimEnd();
            }
            else if (sign != '+' && _source[tag + 1] != '{')
            {
                var line = text.LastIndexOf('\n') + 1;
                if ((line > 0 || _lineStarts) && text[line..].IsWhiteSpace())
                {
                    text = text[..line];
                }
            }
        }

        if (!text.IsEmpty)
        {
            Add(TemplateTokenKind.Text, text.ToString());
        }
    }

    /// <summary>What the end of a tag takes of the text after it.</summary>
    private void AfterTag(char sign, bool trimNewline)
    {
        _lineStarts = false;
        if (sign == '-')
        {
            while (char.IsWhiteSpace(Peek(_position)))
            {
                _lineStarts = Peek(_position++) == '\n';
            }
        }
        else if (trimNewline && sign != '+' && Peek(_position) == '\n')
        {
            _position++;
            _lineStarts = true;
        }
    }

    private void CutInside(string end)
    {
        var open = new Stack<char>();
        while (true)
        {
            while (char.IsWhiteSpace(Peek(_position)))
            {
                _position++;
            }

            if (_position >= _source.Length)
            {
                throw Wrong($"a tag is not closed: expected {end}");
            }

            var sign = Peek(_position);
            var signed = sign is '-' or '+' && string.CompareOrdinal(_source, _position + 1, end, 0, 2) == 0;
            if (open.Count == 0 && (signed || string.CompareOrdinal(_source, _position, end, 0, 2) == 0))
            {
                Add(TemplateTokenKind.End, "");
                _position += signed ? 3 : 2;
                AfterTag(signed ? sign : '\0', trimNewline: end == "%}");
                return;
            }

            CutToken(open);
        }
    }

    private void CutToken(Stack<char> open)
    {
        var first = Peek(_position);
        if (first is '\'' or '"')
        {
            CutString(first);
        }
        else if (char.IsAsciiDigit(first))
        {
            var end = _position;
            while (char.IsAsciiDigit(Peek(end)) || (Peek(end) == '.' && char.IsAsciiDigit(Peek(end + 1))))
            {
                end++;
            }

            AddUpTo(TemplateTokenKind.Number, end);
        }
        else if (char.IsAsciiLetter(first) || first == '_')
        {
            var end = _position;
            while (char.IsAsciiLetterOrDigit(Peek(end)) || Peek(end) == '_')
            {
                end++;
            }

            AddUpTo(TemplateTokenKind.Name, end);
        }
        else
        {
            var known = Array.Find(s_operators, text => string.CompareOrdinal(_source, _position, text, 0, text.Length) == 0)
                ?? throw Wrong($"'{first}' is not known");
            if (known is "(" or "[" or "{")
            {
                open.Push(first);
            }
            else if (known is ")" or "]" or "}" && !open.TryPop(out _))
            {
                throw Wrong($"'{known}' closes nothing");
            }

            AddUpTo(TemplateTokenKind.Operator, _position + known.Length);
        }
    }

    private void CutString(char quote)
    {
        var text = new StringBuilder();
        for (var i = _position + 1; ; i++)
        {
            var unit = Peek(i);
            if (i >= _source.Length)
            {
                throw Wrong("a text is not closed");
            }

            if (unit == quote)
            {
                Add(TemplateTokenKind.String, text.ToString());
                _position = i + 1;
                return;
            }

            if (unit != '\\')
            {
                text.Append(unit);
                continue;
            }

            switch (Peek(++i))
            {
                case 'n':
                    text.Append('\n');
                    break;
                case 't':
                    text.Append('\t');
                    break;
                case 'r':
                    text.Append('\r');
                    break;
                case '\\' or '\'' or '"':
                    text.Append(Peek(i));
                    break;
                case 'u' when i + 4 < _source.Length && ushort.TryParse(
                        _source.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                    text.Append((char)code);
                    i += 4;
                    break;
                case '\n':
                    break;
                default:
                    text.Append('\\').Append(Peek(i));
                    break;
            }
        }
    }

    private void AddUpTo(TemplateTokenKind kind, int end)
    {
        Add(kind, _source[_position..end]);
        _position = end;
    }

    private void Add(TemplateTokenKind kind, string text) => _tokens.Add(new TemplateToken(kind, text, Line));

    private TemplateException Wrong(string what) => new($"line {Line}: {what}");
}
