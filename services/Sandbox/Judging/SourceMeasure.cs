using O1Coder.Sandbox.Plain;
using O1Coder.V1;

namespace O1Coder.Sandbox.Judging;

/// <summary>
/// Measures a program's source: lines, and for languages without a parser here McCabe's number by tokens. A scan in one
/// pass that knows comments and texts of each language and nothing else of its grammar.
/// </summary>
internal static class SourceMeasure
{
    private static readonly HashSet<string> s_decisions = ["if", "for", "while", "case", "catch", "foreach", "match"];

    /// <summary>Lines that hold more than whitespace and comments.</summary>
    public static int Lines(string source, Language language)
    {
        var lines = new HashSet<int>();
        foreach (var token in SourceTokens.Scan(source, language))
        {
            for (var line = token.Line; line <= token.LastLine; line++)
            {
                lines.Add(line);
            }
        }

        return lines.Count;
    }

    /// <summary>What <c>Launcher/inspection.py</c> counted; 0 where it said nothing, as of a program that does not parse.</summary>
    public static int Complexity(ReadOnlyMemory<byte> channel)
    {
        try
        {
            return WireReader.ReadFrames(channel) is [{ Items: [{ Text: "complexity" }, { Kind: PlainKind.Integer } number] }] && number.Integer <= int.MaxValue
                ? (int)number.Integer : 0;
        }
        catch (PlainFormatException)
        {
            return 0; // cut short by a limit
        }
    }

    /// <summary>
    /// By tokens, over a whole file: one, and one more for each if, for, while, case, catch, foreach, match, ?: and further
    /// operand of and and or. As functions are not told apart, it is the program's sum and not the largest of a function.
    /// </summary>
    public static int ComplexityByTokens(string source, Language language) => 1 + SourceTokens.Scan(source, language).Count(token =>
        token.Kind == SourceTokenKind.Word ? s_decisions.Contains(token.Text) : token.Text is "&&" or "||" or "?");
}
