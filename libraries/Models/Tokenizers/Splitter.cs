namespace O1Coder.Models;

/// <summary>Cuts a text into the pieces that are encoded each for itself.</summary>
internal abstract class Splitter
{
    /// <summary>Adds the pieces in order; together they are the text.</summary>
    public abstract void Split(ReadOnlySpan<char> text, List<(int Offset, int Length)> pieces);
}
