namespace O1Coder.Tcg;

/// <summary>
/// The form of a case (o1-Coder, section 3.1): <c>```case</c>, <c># input:</c>, the input, <c># output:</c>, the output,
/// <c>```</c>, each on lines of its own.
/// </summary>
internal static class CaseFormat
{
    /// <summary>What every answer begins with.</summary>
    public const string Opening = Fence + "case\n" + InputMark + "\n";

    private const string Fence = "```";
    private const string InputMark = "# input:";
    private const string OutputMark = "# output:";

    /// <summary>Writes one case; one without an output ends after its input.</summary>
    public static string Write(WrittenCase one) =>
        $"{Opening}{Lines(one.Input)}{(one.Output is null ? "" : $"{OutputMark}\n{Lines(one.Output)}")}{Fence}";

    /// <summary>Writes cases one after another, an empty line between them.</summary>
    public static string Write(IEnumerable<WrittenCase> cases) => string.Join("\n\n", cases.Select(Write));

    /// <summary>Reads an answer's cases in order; null stands for a case that is not of the form.</summary>
    /// <param name="answer">The answer, its opening included.</param>
    /// <param name="isCutOff">The answer ended at a limit: a last case without its end was never finished.</param>
    public static List<WrittenCase?> Read(string answer, bool isCutOff)
    {
        var cases = new List<WrittenCase?>();
        List<string>? block = null;
        foreach (var raw in answer.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = raw.TrimEnd();
            if (block is null)
            {
                block = line.TrimStart() is Fence + "case" ? [] : null;
                continue;
            }

            if (line.TrimStart() == Fence)
            {
                cases.Add(ReadBlock(block));
                block = null;
            }
            else if (line.TrimStart() == Fence + "case")
            {
                // The one before was never closed.
                cases.Add(null);
                block = [];
            }
            else
            {
                block.Add(line);
            }
        }

        if (block is not null && !isCutOff)
        {
            // Models leave out the last fence.
            cases.Add(ReadBlock(block));
        }

        return cases;
    }

    private static WrittenCase? ReadBlock(List<string> block)
    {
        var output = block.FindIndex(line => Is(line, OutputMark));
        var isForm = block.Count > 0 && Is(block[0], InputMark)
            && block.Count(line => Is(line, InputMark)) == 1 && block.Count(line => Is(line, OutputMark)) <= 1;
        if (!isForm)
        {
            return null;
        }

        var inputEnd = output < 0 ? block.Count : output;
        return new WrittenCase(
            string.Join('\n', block[1..inputEnd]), output < 0 ? null : string.Join('\n', block[(output + 1)..]));
    }

    private static bool Is(string line, string mark) => line.Trim().Equals(mark, StringComparison.OrdinalIgnoreCase);

    private static string Lines(string text)
    {
        var trimmed = text.ReplaceLineEndings("\n").TrimEnd('\n');
        return trimmed.Length == 0 ? "" : trimmed + "\n";
    }
}
