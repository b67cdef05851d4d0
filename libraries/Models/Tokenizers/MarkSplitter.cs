namespace O1Coder.Models;

/// <summary>
/// Cuts before the mark that stands for a space (U+2581): before each, or only before the first of a row. The latter changes no
/// token where no token has a mark after another character, so that nothing is ever merged over the cut.
/// </summary>
internal sealed class MarkSplitter(char mark, bool everyMark) : Splitter
{
    /// <inheritdoc />
    public override void Split(ReadOnlySpan<char> text, List<(int Offset, int Length)> pieces)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == mark && (everyMark || text[i - 1] != mark))
            {
                pieces.Add((start, i - start));
                start = i;
            }
        }

        if (start < text.Length)
        {
            pieces.Add((start, text.Length - start));
        }
    }
}
