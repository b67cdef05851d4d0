namespace O1Coder.Problems;

/// <summary>Reads a section "conditions": fenced blocks "requires" and "ensures", a Python expression a line.</summary>
internal static class ConditionBlocks
{
    /// <summary>Reads the conditions of one kind.</summary>
    /// <param name="source">The file, for faults.</param>
    /// <param name="document">Its sections.</param>
    /// <param name="mode">The problem's mode.</param>
    /// <param name="label">requires or ensures.</param>
    /// <returns>The conditions; empty without a section.</returns>
    /// <exception cref="ProblemFormatException">The section is malformed, or the mode has no conditions.</exception>
    public static List<string> Read(SourceText source, MarkdownDocumentReader document, ProblemMode mode, string label)
    {
        if (document.Find(SectionKind.Conditions) is not { } section)
        {
            return [];
        }

        var field = MarkdownDocumentReader.NameOf(section.Kind);
        if (mode != ProblemMode.Function)
        {
            throw source.Fault(section.Line, field, "a problem with inputs and outputs has conditions; expected them of functions alone");
        }

        if (section.Blocks.Find(block => block.Label is not ("requires" or "ensures")) is { } other)
        {
            throw source.Fault(other.Line, field, $"fenced block labelled \"{PythonAssertions.Shorten(other.Label)}\"; expected \"requires\" or \"ensures\"");
        }

        if (!section.Blocks.Exists(block => block.Label == "ensures"))
        {
            throw source.Fault(section.Line, field, "there is no postcondition; expected a fenced block \"ensures\"");
        }

        var conditions = new List<string>();
        foreach (var block in section.Blocks.Where(block => block.Label == label))
        {
            foreach (var (line, i) in block.Content.Split('\n').Select((line, i) => (line.Trim(), i)).Where(one => one.Item1.Length > 0))
            {
                PythonTokens.Scan(line, out _, out var error);
                if (error is not null || line.Length > Problem.LongestCondition || conditions.Count == Problem.MaxConditions)
                {
                    var what = error ?? (line.Length > Problem.LongestCondition ? $"longer than {Problem.LongestCondition} characters" : $"more than {Problem.MaxConditions} conditions");
                    throw source.Fault(block.Line + 1 + i, field, $"\"{PythonAssertions.Shorten(line)}\": {what}; expected a Python expression a line");
                }

                conditions.Add(line);
            }
        }

        return conditions;
    }
}
