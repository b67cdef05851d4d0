namespace O1Coder.Models;

/// <summary>
/// The tokens of short pieces met lately. A piece has one place, where a newer one replaces it; entries never change, so that
/// concurrent callers need no lock.
/// </summary>
internal sealed class PieceCache
{
    private const int Places = 1 << 14;
    private const int LongestPiece = 32;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>The piece's tokens, or null if they are not here.</summary>
    public int[]? Find(ReadOnlySpan<char> piece) =>
        piece.Length <= LongestPiece && _entries[Place(piece)] is { } entry && piece.SequenceEqual(entry.Piece) ? entry.Ids : null;

    /// <summary>Remembers the tokens of a piece if it is short.</summary>
    public void Add(ReadOnlySpan<char> piece, ReadOnlySpan<int> ids)
    {
        if (piece.Length <= LongestPiece)
        {
            _entries[Place(piece)] = new Entry(piece.ToString(), ids.ToArray());
        }
    }

    private static int Place(ReadOnlySpan<char> piece) => string.GetHashCode(piece) & (Places - 1);

    private sealed record Entry(string Piece, int[] Ids);
}
