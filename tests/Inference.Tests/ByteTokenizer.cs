using System.Text;
using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>
/// A token for every byte, then some of several bytes, which also cut characters in two, two of the same bytes, one without
/// bytes, as padding is; the last one ends a turn.
/// </summary>
internal sealed class ByteTokenizer : ITokenizer
{
    private static readonly byte[][] s_bytes =
    [
        .. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }),
        .. new[] { "ab", "abc", "true", "false", "null", "{\"", "\": ", "\",", ", \"", "}}", "[1", "12", "é", "漢字", "  " }
            .Select(Encoding.UTF8.GetBytes),
        [0xA9, (byte)'a'],
        [(byte)'a', 0xE6, 0xBC],
        [0xA2, 0xE5, 0xAD],
        [(byte)'a', (byte)'b'],
        [],
        [.. "<|end|>"u8],
    ];

    public static int Vocabulary => s_bytes.Length;

    public static int EndOfTurn => Vocabulary - 1;

    public int VocabularySize => Vocabulary;

    /// <summary>The token of one ASCII character.</summary>
    public static int Of(char character) => character;

    public int[] Encode(string text, bool parseSpecial) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public string Decode(ReadOnlySpan<int> ids) => Encoding.UTF8.GetString(Bytes(ids));

    public ReadOnlyMemory<byte> TokenBytes(int id) => s_bytes[id];

    public int? FindSpecialToken(string text) => null;

    public bool IsSpecialToken(int id) => id == EndOfTurn;

    /// <summary>The bytes of some tokens.</summary>
    public static byte[] Bytes(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            bytes.AddRange(s_bytes[id]);
        }

        return [.. bytes];
    }
}
