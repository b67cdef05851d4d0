using System.Buffers;

namespace O1Coder.Problems;

/// <summary>
/// Takes the program out of a model's answer. One pass over the lines, no regular expressions: time is linear in the
/// answer's length whatever it holds.
/// </summary>
public static class ProgramText
{
    private static readonly SearchValues<char> s_condition = SearchValues.Create("=<>()._");

    /// <summary>The longest program, characters; a longer one counts as none.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>
    /// Finds the program in an answer. In this order:
    /// <list type="number">
    /// <item>complete fenced blocks labelled python, py or python3: the last one that defines
    /// <paramref name="entryPoint"/>, else the last one;</item>
    /// <item>the block of that kind that is open at the end of the answer, which a limit cut off or whose last fence was
    /// a stop string;</item>
    /// <item>complete blocks without a label, then an open one, likewise; a block without a label counts only when it
    /// looks like code;</item>
    /// <item>without any fence: the answer from the first line that can only be code (an import, a definition), else
    /// all of it when its first line looks like code.</item>
    /// </list>
    /// An open block that defines the entry point beats complete ones that do not: models show a use of the function
    /// before or after it. Indentation that the opening fence has is taken off the block's lines.
    /// </summary>
    /// <param name="answer">The model's answer.</param>
    /// <param name="entryPoint">In function mode the function's name; null otherwise.</param>
    /// <returns>The program with '\n' between its lines and at its end, or null when there is none.</returns>
    public static string? Extract(string answer, string? entryPoint = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        answer = answer.Replace("\r\n", "\n").Replace('\r', '\n');
        var blocks = FencedAnswer.Read(answer);
        var candidates = new List<FencedAnswer>();
        foreach (var isLabelled in (ReadOnlySpan<bool>)[true, false])
        {
            // Last first; complete before open.
            var ofKind = blocks.Where(block => block.IsLabelled == isLabelled && (isLabelled || LooksLikeCode(block.Content))).Reverse();
            candidates.AddRange(ofKind.OrderByDescending(block => block.IsComplete));
        }

        candidates.RemoveAll(block => string.IsNullOrWhiteSpace(block.Content));
        if (candidates.Count > 0)
        {
            var best = entryPoint is null ? null : candidates.Find(block => Defines(block.Content, entryPoint));
            return Finish((best ?? candidates[0]).Content);
        }

        return blocks.Count == 0 ? Finish(RawProgram(answer)) : null;
    }

    private static string? Finish(string? program)
    {
        if (program is null)
        {
            return null;
        }

        var text = program.TrimEnd().TrimStart('\n') + "\n";
        return text.Length is > 1 and <= MaxLength ? text : null;
    }

    private static bool Defines(string program, string name)
    {
        foreach (var range in program.AsSpan().Split('\n'))
        {
            var rest = program.AsSpan(range);
            if (SkipWord(ref rest, "def") && SkipWord(ref rest, name, isLast: true) && rest.TrimStart().StartsWith("("))
            {
                return true;
            }
        }

        return false;
    }

    private static string? RawProgram(string answer)
    {
        foreach (var range in answer.AsSpan().Split('\n'))
        {
            if (IsSurelyCode(answer.AsSpan(range)))
            {
                return answer[range.Start..];
            }
        }

        return LooksLikeCode(answer) ? answer : null;
    }

    /// <summary>Whether a text's first line that is not blank could be Python, and is unlikely to be prose or data.</summary>
    internal static bool LooksLikeCode(string text)
    {
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range);
            var code = line.Trim();
            if (code.IsEmpty || code[0] == '#')
            {
                continue;
            }

            return IsSurelyCode(line) || code[0] == '@' || code.StartsWith("\"\"\"") || IsCall(code) || IsAssignment(code) || IsBlockOpening(code);
        }

        return false;
    }

    // "import x", "from x import y", "def f(", "class C:" at the start of a line: prose does not look like that.
    private static bool IsSurelyCode(ReadOnlySpan<char> line)
    {
        var rest = line;
        if (SkipWord(ref rest, "import"))
        {
            return NameLength(rest) > 0 && IsEndOrAny(rest[NameLength(rest)..].TrimStart(), ",#;") || rest.Contains(" as ", StringComparison.Ordinal);
        }

        if (SkipWord(ref rest, "from"))
        {
            var name = NameLength(rest);
            rest = rest[name..];
            return name > 0 && SkipWord(ref rest, " import");
        }

        if (SkipWord(ref rest, "async"))
        {
            rest = rest.TrimStart();
        }

        if (SkipWord(ref rest, "def"))
        {
            var name = NameLength(rest);
            return name > 0 && rest[name..].TrimStart().StartsWith("(");
        }

        if (SkipWord(ref rest, "class"))
        {
            var name = NameLength(rest);
            rest = rest[name..].TrimStart();
            return name > 0 && !rest.IsEmpty && rest[0] is ':' or '(' && rest.TrimEnd().EndsWith(":");
        }

        return false;
    }

    // name(…) or name.name(…) alone on its line.
    private static bool IsCall(ReadOnlySpan<char> code)
    {
        var name = NameLength(code);
        return name > 0 && name < code.Length && code[name] == '(';
    }

    // "a = …", "a, b = …", "a: int = …", "a += …".
    private static bool IsAssignment(ReadOnlySpan<char> code)
    {
        var equals = code.IndexOf('=');
        if (equals <= 0 || equals + 1 == code.Length || code[equals + 1] == '=')
        {
            return false;
        }

        var left = code[..equals].TrimEnd("+-*/%|&^ ");
        var colon = left.IndexOf(':');
        left = (colon < 0 ? left : left[..colon]).Trim();
        foreach (var part in left.Split(','))
        {
            var name = left[part].Trim();
            var length = NameLength(name);
            if (length == 0 || (length < name.Length && name[length] != '['))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBlockOpening(ReadOnlySpan<char> code)
    {
        if (!code.EndsWith(":"))
        {
            return false;
        }

        var rest = code;
        return code is "try:" || SkipWord(ref rest, "while") || SkipWord(ref rest, "with")
            || (SkipWord(ref rest, "if") && rest.ContainsAny(s_condition))
            || (SkipWord(ref rest, "for") && rest.Contains(" in ", StringComparison.Ordinal) && rest.ContainsAny('(', '.', '_'));
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsLetterOrDigit(text[length]) || text[length] is '_' or '.'))
        {
            length++;
        }

        return length > 0 && char.IsDigit(text[0]) ? 0 : length;
    }

    // Takes a word and the blanks behind it off the text; the word must end there.
    private static bool SkipWord(ref ReadOnlySpan<char> text, string word, bool isLast = false)
    {
        if (!text.StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text[word.Length..];
        if (!isLast && (rest.IsEmpty || rest[0] is not (' ' or '\t' or '(')))
        {
            return false;
        }

        text = rest.TrimStart(" \t");
        return true;
    }

    private static bool IsEndOrAny(ReadOnlySpan<char> text, string allowed) => text.IsEmpty || allowed.Contains(text[0]);
}
