using System.Text;

namespace O1Coder.Problems;

/// <summary>
/// A fenced block of a model's answer that may hold a program. Models write looser Markdown than people: a fence may
/// follow other text on its line, and the last one may be missing.
/// </summary>
/// <param name="IsLabelled">Whether the opening fence says Python; otherwise it says nothing.</param>
/// <param name="IsComplete">Whether the block is closed.</param>
/// <param name="Content">Its lines, each ended by '\n'.</param>
internal sealed record FencedAnswer(bool IsLabelled, bool IsComplete, string Content)
{
    private enum Label
    {
        Python,
        None,
        Other,
    }

    /// <summary>The blocks labelled Python or not at all, in the order of the answer, whose lines end with '\n'.</summary>
    public static List<FencedAnswer> Read(string answer)
    {
        var blocks = new List<FencedAnswer>();
        var content = new StringBuilder();
        var fence = default(Fence);
        foreach (var range in answer.AsSpan().Split('\n'))
        {
            var line = answer.AsSpan(range);
            if (fence.Length == 0)
            {
                fence = Open(line);
                content.Clear();
                continue;
            }

            var kept = Unindent(line, fence.Indent);
            var close = Close(kept, fence);
            if (close < 0)
            {
                content.Append(kept).Append('\n');
                continue;
            }

            if (close > 0)
            {
                content.Append(kept[..close]).Append('\n');
            }

            Add(blocks, fence, true, content);
            fence = default;
        }

        if (fence.Length > 0)
        {
            Add(blocks, fence, false, content);
        }

        return blocks;
    }

    private static void Add(List<FencedAnswer> blocks, Fence fence, bool isComplete, StringBuilder content)
    {
        if (fence.Label != Label.Other)
        {
            blocks.Add(new FencedAnswer(fence.Label == Label.Python, isComplete, content.ToString()));
        }
    }

    private static Fence Open(ReadOnlySpan<char> line)
    {
        var text = line.TrimStart(" \t");
        var indent = line.Length - text.Length;
        var mark = text.IsEmpty ? ' ' : text[0];
        var length = mark is '`' or '~' ? RunLength(text, mark) : 0;
        if (length >= 3)
        {
            var info = text[length..].Trim();
            return mark == '`' && info.Contains('`') ? default : new Fence(mark, length, indent, LabelOf(info));
        }

        // "Here it is: ```python" at the end of a line.
        var at = line.LastIndexOf("```");
        if (at < 0)
        {
            return default;
        }

        var isPython = LabelOf(line[(at + 3)..].Trim()) == Label.Python;
        return isPython ? new Fence('`', 3, 0, Label.Python) : default;
    }

    // Where the closing fence stands in a line: 0 for a line of its own, more when code comes before it, -1 for none.
    private static int Close(ReadOnlySpan<char> line, Fence fence)
    {
        var text = line.TrimEnd();
        var end = text.Length;
        while (end > 0 && text[end - 1] == fence.Mark)
        {
            end--;
        }

        if (text.Length - end < fence.Length)
        {
            return -1;
        }

        return text[..end].IsWhiteSpace() ? 0 : fence.Mark == '`' ? end : -1;
    }

    private static Label LabelOf(ReadOnlySpan<char> info)
    {
        var end = info.IndexOfAny(" \t{");
        var word = end < 0 ? info : info[..end];
        if (word.IsEmpty)
        {
            return info.IsEmpty ? Label.None : Label.Other;
        }

        return word.Equals("python", StringComparison.OrdinalIgnoreCase)
            || word.Equals("py", StringComparison.OrdinalIgnoreCase)
            || word.Equals("python3", StringComparison.OrdinalIgnoreCase)
            ? Label.Python
            : Label.Other;
    }

    private static ReadOnlySpan<char> Unindent(ReadOnlySpan<char> line, int indent)
    {
        var i = 0;
        while (i < indent && i < line.Length && line[i] is ' ' or '\t')
        {
            i++;
        }

        return line[i..];
    }

    private static int RunLength(ReadOnlySpan<char> text, char mark)
    {
        var length = 0;
        while (length < text.Length && text[length] == mark)
        {
            length++;
        }

        return length;
    }

    private readonly record struct Fence(char Mark, int Length, int Indent, Label Label);
}
