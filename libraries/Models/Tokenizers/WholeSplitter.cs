namespace O1Coder.Models;

/// <summary>Leaves a text in one piece.</summary>
internal sealed class WholeSplitter : Splitter
{
    /// <inheritdoc />
    public override void Split(ReadOnlySpan<char> text, List<(int Offset, int Length)> pieces)
    {
        if (!text.IsEmpty)
        {
            pieces.Add((0, text.Length));
        }
    }
}
