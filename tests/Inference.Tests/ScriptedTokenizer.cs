using System.Text;
using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>Token 0 is "a", token 1 "b" and so on; the last one ends a turn.</summary>
internal sealed class ScriptedTokenizer : ITokenizer
{
    public const int Vocabulary = 20;
    public const int EndOfTurn = Vocabulary - 1;

    private static readonly byte[][] s_bytes = [.. Enumerable.Range(0, Vocabulary).Select(token => new[] { (byte)('a' + token) })];

    public int VocabularySize => Vocabulary;

    public int[] Encode(string text, bool parseSpecial) => [.. text.Select(character => character - 'a')];

    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            text.Append((char)('a' + id));
        }

        return text.ToString();
    }

    public ReadOnlyMemory<byte> TokenBytes(int id) => s_bytes[id];

    public int? FindSpecialToken(string text) => null;

    public bool IsSpecialToken(int id) => id == EndOfTurn;
}
