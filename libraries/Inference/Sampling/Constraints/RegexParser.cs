namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// Parses the regular part of the usual regular expressions: literals, <c>.</c>, classes, escapes, groups, alternation and
/// repetition. <c>\d</c>, <c>\w</c> and <c>\s</c> are ASCII's. What has no finite automaton is refused.
/// </summary>
internal sealed class RegexParser
{
    private static readonly CodePoints s_digits = CodePoints.Of(('0', '9'));
    private static readonly CodePoints s_word = CodePoints.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));
    private static readonly CodePoints s_space = CodePoints.Of(('\t', '\r'), (' ', ' '));
    private static readonly CodePoints s_notNewline = CodePoints.Of(('\n', '\n')).Negated();

    private readonly PatternReader _reader;
    private int _depth;

    private RegexParser(string pattern) => _reader = new PatternReader(pattern);

    /// <summary>Parses a regular expression.</summary>
    /// <exception cref="ConstraintException">It is wrong; the message says where.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new RegexParser(pattern);

        // The whole answer must match anyway: anchors at the ends say nothing.
        parser._reader.Skip("^");
        var node = parser.ReadChoice();
        return parser._reader.AtEnd ? node : throw parser._reader.Wrong("no ')' without its '('");
    }

    private PatternNode ReadChoice()
    {
        var start = _reader.Position;
        var alternatives = new List<PatternNode> { ReadSequence() };
        while (_reader.Skip("|"))
        {
            alternatives.Add(ReadSequence());
        }

        return alternatives.Count == 1 ? alternatives[0] : new PatternNode.Choice(start, alternatives);
    }

    private PatternNode.Sequence ReadSequence()
    {
        var start = _reader.Position;
        var parts = new List<PatternNode>();
        while (!_reader.AtEnd && _reader.Next is not ('|' or ')'))
        {
            if (_reader.Next == '$' && _reader.Peek(1) == '\0' && _depth == 0)
            {
                _reader.Position++;
                break;
            }

            parts.Add(_reader.ReadRepetition(ReadPart(), lazy: true));
        }

        return new PatternNode.Sequence(start, parts);
    }

    private PatternNode ReadPart()
    {
        var start = _reader.Position;
        switch (_reader.Next)
        {
            case '(':
                return ReadGroup();
            case '[':
                _reader.Position++;
                return _reader.ReadClass(() => ReadEscape(inClass: true));
            case '.':
                _reader.Position++;
                return new PatternNode.Character(start, s_notNewline);
            case '\\':
                _reader.Position++;
                return new PatternNode.Character(start, ReadEscape(inClass: false).Set);
            case '*' or '+' or '?':
                throw _reader.Wrong("something to repeat");
            case '{':
                throw _reader.Wrong("something to repeat, or \\{ for the character");
            case '^' or '$':
                throw _reader.Wrong("no anchor inside the pattern; the whole answer must match");
            default:
                var point = _reader.ReadCodePoint();
                return new PatternNode.Character(start, CodePoints.Of((point, point)));
        }
    }

    private PatternNode ReadGroup()
    {
        _reader.Position++;
        if (_reader.Next == '?' && !_reader.Skip("?:"))
        {
            throw _reader.Wrong("a plain group or (?:...); there is no lookaround, naming or switching of modes");
        }

        if (++_depth > PatternReader.DeepestNesting)
        {
            throw _reader.Wrong($"at most {PatternReader.DeepestNesting} groups inside each other");
        }

        var node = ReadChoice();
        _depth--;
        return _reader.Skip(")") ? node : throw _reader.Wrong("')'");
    }

    // Reads what follows a backslash.
    private (int? Single, CodePoints Set) ReadEscape(bool inClass)
    {
        var start = _reader.Position - 1;
        var letter = _reader.ReadCodePoint();
        switch (letter)
        {
            case 'd':
                return (null, s_digits);
            case 'D':
                return (null, s_digits.Negated());
            case 'w':
                return (null, s_word);
            case 'W':
                return (null, s_word.Negated());
            case 's':
                return (null, s_space);
            case 'S':
                return (null, s_space.Negated());
        }

        int? point = letter switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'b' when inClass => '\b',
            'x' => _reader.ReadHex(2),
            'u' => _reader.ReadHex(4),
            _ when letter < 128 && !char.IsAsciiLetterOrDigit((char)letter) => letter,
            _ => null,
        };
        return point is { } single
            ? (single, CodePoints.Of((single, single)))
            : throw ConstraintException.At(start, @"an escape of \d \w \s \D \W \S \n \r \t \f \v \xHH \uHHHH or of punctuation");
    }
}
