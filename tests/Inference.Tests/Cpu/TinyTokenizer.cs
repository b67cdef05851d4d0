using System.Text;
using O1Coder.Models;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>A printable character for each token of a tiny model.</summary>
internal sealed class TinyTokenizer : ITokenizer
{
    private static readonly byte[][] s_bytes = [.. Enumerable.Range(0, TinyModels.Vocabulary).Select(token => new[] { (byte)(' ' + token) })];

    public int VocabularySize => TinyModels.Vocabulary;

    public int[] Encode(string text, bool parseSpecial) => [.. text.Select(character => character - ' ')];

    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            text.Append((char)(' ' + id));
        }

        return text.ToString();
    }

    public ReadOnlyMemory<byte> TokenBytes(int id) => s_bytes[id];

    public int? FindSpecialToken(string text) => null;

    public bool IsSpecialToken(int id) => false;
}
