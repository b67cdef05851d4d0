using Markdig;
using Markdig.Syntax;

namespace O1Coder.Problems;

/// <summary>Cuts the body of a problem file into its statement and its sections.</summary>
internal sealed class MarkdownDocumentReader
{
    private static readonly MarkdownPipeline s_blocksOnly = BuildPipeline();

    private static readonly Dictionary<string, SectionKind> s_sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["visible tests"] = SectionKind.VisibleTests,
        ["tests"] = SectionKind.VisibleTests,
        ["hidden tests"] = SectionKind.HiddenTests,
        ["reference solution"] = SectionKind.ReferenceSolution,
        ["wrong solution"] = SectionKind.WrongSolution,
        ["conditions"] = SectionKind.Conditions,
    };

    private readonly SourceText _source;
    private readonly string[] _lines;

    private MarkdownDocumentReader(SourceText source)
    {
        _source = source;
        _lines = source.Text.Split('\n');
    }

    /// <summary>The sections, in the order of the file.</summary>
    public List<MarkdownSection> Sections { get; } = [];

    /// <summary>The fenced blocks of the statement that stand at its top level.</summary>
    public List<FencedBlock> StatementBlocks { get; } = [];

    /// <summary>The first line of the statement, from 0.</summary>
    public int StatementStart { get; private set; }

    /// <summary>The line behind the statement, from 0.</summary>
    public int StatementEnd { get; private set; }

    /// <summary>Reads the body.</summary>
    /// <param name="source">The file.</param>
    /// <param name="frontMatterLines">The lines to leave out at its start.</param>
    public static MarkdownDocumentReader Read(SourceText source, int frontMatterLines)
    {
        var reader = new MarkdownDocumentReader(source) { StatementStart = frontMatterLines };
        reader.StatementEnd = reader._lines.Length;

        // Empty lines in place of the front matter: Markdig's line numbers are then the file's.
        var body = new string('\n', frontMatterLines) + string.Join('\n', reader._lines[frontMatterLines..]);
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(body, s_blocksOnly);
        }
        catch (ArgumentException e)
        {
            throw source.Fault(0, "", "the Markdown is nested too deeply", e);
        }

        foreach (var block in document)
        {
            reader.Take(block);
        }

        return reader;
    }

    /// <summary>The statement without some of its fenced blocks and without empty lines around it.</summary>
    public string Statement(IReadOnlyCollection<FencedBlock> without)
    {
        var left = new HashSet<int>(without.SelectMany(block => Enumerable.Range(block.Line - 1, block.LineCount)));
        var kept = new List<string>();
        for (var i = StatementStart; i < StatementEnd; i++)
        {
            if (!left.Contains(i))
            {
                kept.Add(_lines[i]);
            }
        }

        return string.Join('\n', kept).Trim('\n', ' ', '\t');
    }

    /// <summary>The section of a kind, or null.</summary>
    public MarkdownSection? Find(SectionKind kind) => Sections.Find(section => section.Kind == kind);

    private static MarkdownPipeline BuildPipeline()
    {
        // Only blocks matter here, and block parsing is linear; emphasis and links need not be parsed.
        var builder = new MarkdownPipelineBuilder();
        builder.InlineParsers.Clear();
        return builder.Build();
    }

    private void Take(Block block)
    {
        CheckClosed(block);
        if (block is HeadingBlock { Level: 2, IsSetext: false } heading)
        {
            TakeHeading(heading);
        }
        else if (Sections.Count == 0)
        {
            if (block is FencedCodeBlock fence)
            {
                StatementBlocks.Add(ToBlock(fence));
            }
        }
        else if (block is FencedCodeBlock fence)
        {
            Sections[^1].Blocks.Add(ToBlock(fence));
        }
        else if (block is not LinkReferenceDefinitionGroup)
        {
            throw _source.Fault(
                block.Line + 1,
                NameOf(Sections[^1].Kind),
                $"found \"{PythonAssertions.Shorten(_lines[block.Line])}\" in section \"{NameOf(Sections[^1].Kind)}\"; expected fenced blocks only");
        }
    }

    private void TakeHeading(HeadingBlock heading)
    {
        var text = _lines[heading.Line].Trim().Trim('#').Trim();
        if (!s_sections.TryGetValue(text, out var kind))
        {
            if (Sections.Count > 0)
            {
                throw _source.Fault(
                    heading.Line + 1,
                    text,
                    $"unknown section \"{PythonAssertions.Shorten(text)}\"; expected visible tests, hidden tests, reference solution, wrong solution or conditions");
            }

            return;
        }

        if (Find(kind) is { } earlier)
        {
            throw _source.Fault(heading.Line + 1, NameOf(kind), $"section \"{NameOf(kind)}\" stands twice; the first is on line {earlier.Line}");
        }

        if (Sections.Count == 0)
        {
            StatementEnd = heading.Line;
        }

        Sections.Add(new MarkdownSection(kind, heading.Line + 1, []));
    }

    private void CheckClosed(Block block)
    {
        var fences = block is FencedCodeBlock own ? [own] : (block as ContainerBlock)?.Descendants<FencedCodeBlock>() ?? [];
        foreach (var fence in fences)
        {
            if (fence.ClosingFencedCharCount == 0)
            {
                var field = Sections.Count == 0 ? "statement" : NameOf(Sections[^1].Kind);
                throw _source.Fault(fence.Line + 1, field, $"the fenced block that starts here is never closed; expected a line \"{new string(fence.FencedChar, fence.OpeningFencedCharCount)}\"");
            }
        }
    }

    private static FencedBlock ToBlock(FencedCodeBlock fence)
    {
        var content = new System.Text.StringBuilder();
        for (var i = 0; i < fence.Lines.Count; i++)
        {
            content.Append(fence.Lines.Lines[i].Slice.AsSpan()).Append('\n');
        }

        return new FencedBlock((fence.Info ?? "").Trim().ToLowerInvariant(), content.ToString(), fence.Line + 1, fence.Lines.Count + 2);
    }

    /// <summary>A section's name as people write it.</summary>
    public static string NameOf(SectionKind kind) => kind switch
    {
        SectionKind.VisibleTests => "visible tests",
        SectionKind.HiddenTests => "hidden tests",
        SectionKind.ReferenceSolution => "reference solution",
        SectionKind.Conditions => "conditions",
        _ => "wrong solution",
    };
}
