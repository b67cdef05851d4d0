namespace O1Coder.Problems;

/// <summary>A section of a problem file: a level-2 heading and the fenced blocks below it.</summary>
/// <param name="Kind">Which section.</param>
/// <param name="Line">The heading's line, from 1.</param>
/// <param name="Blocks">Its fenced blocks, in order.</param>
internal sealed record MarkdownSection(SectionKind Kind, int Line, List<FencedBlock> Blocks);
