namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// Parses grammars as llama.cpp's users write them (GBNF): rules <c>name ::= alternatives</c>, a line each, of literals in
/// quotes, classes, <c>.</c>, rule names, groups, repetition and comments after <c>#</c>. A rule goes on over line ends inside
/// groups, after <c>::=</c> and after <c>|</c>.
/// </summary>
internal sealed class GrammarParser
{
    private const int MostRules = 1024;

    private readonly PatternReader _reader;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<(string Name, int FirstUse)> _rules = [];
    private readonly List<PatternNode?> _bodies = [];
    private readonly string _text;
    private int _depth;

    private GrammarParser(string text) => (_text, _reader) = (text, new PatternReader(text));

    /// <summary>Parses a grammar and checks that its rules can be run.</summary>
    /// <exception cref="ConstraintException">It is wrong; the message says where.</exception>
    public static GrammarRules Parse(string text)
    {
        var parser = new GrammarParser(text);
        parser.SkipSpace(lines: true);
        while (!parser._reader.AtEnd)
        {
            parser.ReadRule();
        }

        var undefined = parser._bodies.IndexOf(null);
        if (undefined >= 0)
        {
            var (name, use) = parser._rules[undefined];
            throw ConstraintException.At(use, $"a rule '{name}' that is defined");
        }

        var root = parser._numbers.GetValueOrDefault("root", -1);
        if (root < 0)
        {
            throw new ConstraintException("a rule 'root'");
        }

        var bodies = parser._bodies.Select(body => body!).ToArray();
        new GrammarCheck(bodies, [.. parser._rules.Select(rule => rule.Name)]).Run();
        return new GrammarRules(bodies, root);
    }

    private void ReadRule()
    {
        var start = _reader.Position;
        var number = Number(ReadName());
        SkipSpace(lines: false);
        if (!_reader.Skip("::="))
        {
            throw _reader.Wrong("'::='");
        }

        if (_bodies[number] is not null)
        {
            throw ConstraintException.At(start, $"a rule '{_rules[number].Name}' that is defined once");
        }

        SkipSpace(lines: true);
        _bodies[number] = ReadChoice(nested: false);
        if (!_reader.AtEnd && _reader.Next is not ('\n' or '\r'))
        {
            throw _reader.Wrong("the end of the line, '|' or another part");
        }

        SkipSpace(lines: true);
    }

    private PatternNode ReadChoice(bool nested)
    {
        var start = _reader.Position;
        var alternatives = new List<PatternNode> { ReadSequence(nested) };
        while (_reader.Skip("|"))
        {
            SkipSpace(lines: true);
            alternatives.Add(ReadSequence(nested));
        }

        return alternatives.Count == 1 ? alternatives[0] : new PatternNode.Choice(start, alternatives);
    }

    private PatternNode.Sequence ReadSequence(bool nested)
    {
        var start = _reader.Position;
        var parts = new List<PatternNode>();
        while (ReadPart() is { } part)
        {
            parts.Add(_reader.ReadRepetition(part, lazy: false));
            SkipSpace(nested);
        }

        return new PatternNode.Sequence(start, parts);
    }

    // The next part of a sequence, or null at its end.
    private PatternNode? ReadPart()
    {
        var start = _reader.Position;
        if (_reader.Skip("\""))
        {
            return ReadLiteral(start);
        }

        if (_reader.Skip("["))
        {
            return _reader.ReadClass(ReadEscape);
        }

        if (_reader.Skip("."))
        {
            return new PatternNode.Character(start, CodePoints.All);
        }

        if (_reader.Skip("("))
        {
            if (++_depth > PatternReader.DeepestNesting)
            {
                throw _reader.Wrong($"at most {PatternReader.DeepestNesting} groups inside each other");
            }

            SkipSpace(lines: true);
            var group = ReadChoice(nested: true);
            _depth--;
            return _reader.Skip(")") ? group : throw _reader.Wrong("')'");
        }

        return IsNameCharacter(_reader.Next) ? new PatternNode.Call(start, Number(ReadName())) : null;
    }

    private PatternNode.Sequence ReadLiteral(int start)
    {
        var parts = new List<PatternNode>();
        while (!_reader.Skip("\""))
        {
            var at = _reader.Position;
            if (_reader.AtEnd)
            {
                throw _reader.Wrong("'\"'");
            }

            var point = _reader.Skip("\\") ? ReadEscape().Single!.Value : _reader.ReadCodePoint();
            parts.Add(new PatternNode.Character(at, CodePoints.Of((point, point))));
        }

        return new PatternNode.Sequence(start, parts);
    }

    private (int? Single, CodePoints Set) ReadEscape()
    {
        var start = _reader.Position - 1;
        var letter = _reader.ReadCodePoint();
        var point = letter switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'x' => _reader.ReadHex(2),
            'u' => _reader.ReadHex(4),
            'U' => _reader.ReadHex(8),
            _ when letter < 128 && !char.IsAsciiLetterOrDigit((char)letter) => letter,
            _ => throw ConstraintException.At(start, @"an escape of \n \r \t \xHH \uHHHH \UHHHHHHHH or of punctuation"),
        };
        return (point, CodePoints.Of((point, point)));
    }

    private string ReadName()
    {
        var start = _reader.Position;
        while (IsNameCharacter(_reader.Next))
        {
            _reader.Position++;
        }

        return _reader.Position > start
            ? _text[start.._reader.Position]
            : throw _reader.Wrong("a rule's name of letters, digits, '-' and '_'");
    }

    private int Number(string name)
    {
        if (!_numbers.TryGetValue(name, out var number))
        {
            number = _rules.Count;
            if (number == MostRules)
            {
                throw _reader.Wrong($"at most {MostRules} rules");
            }

            _numbers.Add(name, number);
            _rules.Add((name, _reader.Position - name.Length));
            _bodies.Add(null);
        }

        return number;
    }

    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';

    private void SkipSpace(bool lines)
    {
        while (_reader.Next is ' ' or '\t' or '#' || (lines && _reader.Next is '\n' or '\r'))
        {
            if (_reader.Next == '#')
            {
                while (!_reader.AtEnd && _reader.Next is not ('\n' or '\r'))
                {
                    _reader.Position++;
                }
            }
            else
            {
                _reader.Position++;
            }
        }
    }
}
