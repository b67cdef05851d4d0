using System.Text;

namespace O1Coder.Models;

/// <summary>
/// GPT-2's alphabet: each byte as one printable character, so that every token of a byte-level vocabulary can be
/// written as text. Printable Latin-1 stands for itself, the other 68 bytes for U+0100 onwards in order.
/// </summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] s_letters = BuildLetters();
    private static readonly short[] s_bytes = BuildBytes();

    /// <summary>The letter of a byte.</summary>
    public static string Encode(byte value) => s_letters[value].ToString();

    /// <summary>The letters of a text's bytes in UTF-8.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        var letters = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                letters.Append(s_letters[value]);
            }
        }

        return letters.ToString();
    }

    /// <summary>The bytes that a token's text stands for, or null if it has a character from outside the alphabet.</summary>
    public static byte[]? Decode(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var letter = token[i];
            if (letter >= s_bytes.Length || s_bytes[letter] < 0)
            {
                return null;
            }

            bytes[i] = (byte)s_bytes[letter];
        }

        return bytes;
    }

    private static char[] BuildLetters()
    {
        var letters = new char[256];
        var next = (char)0x100;
        for (var value = 0; value < letters.Length; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            letters[value] = printable ? (char)value : next++;
        }

        return letters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[0x100 + 68];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < s_letters.Length; value++)
        {
            bytes[s_letters[value]] = (short)value;
        }

        return bytes;
    }
}
