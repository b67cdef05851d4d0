using System.Globalization;
using System.Text;

namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>A place in the text of a constraint, and what regular expressions and grammars write alike.</summary>
internal sealed class PatternReader(string text)
{
    /// <summary>The deepest nesting of groups.</summary>
    public const int DeepestNesting = 200;

    private const int MostRepetitions = 65_535;

    /// <summary>The next character's index.</summary>
    public int Position { get; set; }

    /// <summary>Whether nothing is left.</summary>
    public bool AtEnd => Position >= text.Length;

    /// <summary>The next UTF-16 character, or 0 at the end.</summary>
    public char Next => Peek(0);

    /// <summary>A later UTF-16 character, or 0 beyond the end.</summary>
    public char Peek(int ahead) => Position + ahead < text.Length ? text[Position + ahead] : '\0';

    /// <summary>Goes past a text if it comes next.</summary>
    public bool Skip(string expected)
    {
        if (!text.AsSpan(Position).StartsWith(expected, StringComparison.Ordinal))
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>The error for what stands here.</summary>
    public ConstraintException Wrong(string expected) => ConstraintException.At(Position, expected);

    /// <summary>Reads one character as it is.</summary>
    public int ReadCodePoint()
    {
        if (Rune.DecodeFromUtf16(text.AsSpan(Position), out var rune, out var length) != System.Buffers.OperationStatus.Done)
        {
            throw Wrong(AtEnd ? "a character" : "well-formed Unicode");
        }

        Position += length;
        return rune.Value;
    }

    /// <summary>Reads the digits of <c>\xHH</c> and the like.</summary>
    public int ReadHex(int digits)
    {
        var start = Position;
        var value = 0;
        for (var i = 0; i < digits; i++, Position++)
        {
            if (!char.IsAsciiHexDigit(Next))
            {
                throw Wrong($"{digits} hexadecimal digits");
            }

            value = (value << 4) | Convert.ToInt32(Next.ToString(), 16);
        }

        if (!Rune.IsValid(value))
        {
            throw ConstraintException.At(start, "the number of a character");
        }

        return value;
    }

    /// <summary>Reads <c>*</c>, <c>+</c>, <c>?</c> or a count in braces after a part; without one the part comes back.</summary>
    /// <param name="part">What is repeated.</param>
    /// <param name="lazy">Whether <c>?</c> may follow; a lazy repetition matches the same texts.</param>
    public PatternNode ReadRepetition(PatternNode part, bool lazy)
    {
        var start = Position;
        (int Least, int? Most) counts;
        switch (Next)
        {
            case '*':
                counts = (0, null);
                break;
            case '+':
                counts = (1, null);
                break;
            case '?':
                counts = (0, 1);
                break;
            case '{':
                counts = ReadCounts();
                break;
            default:
                return part;
        }

        Position++;
        if (lazy)
        {
            Skip("?");
        }

        return Next is '*' or '+' or '?' or '{'
            ? throw Wrong("no second repetition; group the first")
            : new PatternNode.Repetition(start, part, counts.Least, counts.Most);
    }

    /// <summary>Reads the rest of a class after its <c>[</c>.</summary>
    /// <param name="readEscape">Reads what follows a backslash: one character, or the ranges of several.</param>
    public PatternNode ReadClass(Func<(int? Single, CodePoints Set)> readEscape)
    {
        var start = Position - 1;
        var negated = Skip("^");
        var ranges = new List<(int Low, int High)>();
        while (!Skip("]"))
        {
            if (AtEnd)
            {
                throw Wrong("']'");
            }

            var at = Position;
            var (low, set) = ReadMember(readEscape);
            if (Next != '-' || Peek(1) is ']' or '\0')
            {
                ranges.AddRange(set.Ranges);
                continue;
            }

            Position++;
            var (high, _) = ReadMember(readEscape);
            if (low is null || high is null || high < low)
            {
                throw ConstraintException.At(at, "a range of two characters that does not fall");
            }

            ranges.Add((low.Value, high.Value));
        }

        var members = CodePoints.Of(ranges);
        members = negated ? members.Negated() : members;
        return members.IsEmpty
            ? throw ConstraintException.At(start, "a class with at least one character")
            : new PatternNode.Character(start, members);
    }

    private (int? Single, CodePoints Set) ReadMember(Func<(int? Single, CodePoints Set)> readEscape)
    {
        if (Skip("\\"))
        {
            return readEscape();
        }

        var point = ReadCodePoint();
        return (point, CodePoints.Of((point, point)));
    }

    // Up to the closing brace.
    private (int Least, int? Most) ReadCounts()
    {
        var start = Position++;
        var least = ReadNumber();
        var most = least;
        if (Skip(","))
        {
            most = ReadNumber();
        }
        else if (least is null)
        {
            throw Wrong("a number, or \\{ for the character");
        }

        if (Next != '}')
        {
            throw Wrong("'}'");
        }

        return most < (least ?? 0)
            ? throw ConstraintException.At(start, $"a count that does not fall from {least} to {most}")
            : (least ?? 0, most);
    }

    private int? ReadNumber()
    {
        var start = Position;
        while (char.IsAsciiDigit(Next))
        {
            Position++;
        }

        if (Position == start)
        {
            return null;
        }

        return int.TryParse(text.AsSpan(start, Position - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= MostRepetitions
            ? number
            : throw ConstraintException.At(start, $"a count of at most {MostRepetitions}");
    }
}
