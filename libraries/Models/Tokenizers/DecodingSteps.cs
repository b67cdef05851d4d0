using System.Buffers;
using System.Globalization;
using System.Text;

namespace O1Coder.Models;

/// <summary>The steps by which tokenizer.json turns tokens back into text; each takes and gives a list of texts, joined at the end.</summary>
internal static class DecodingSteps
{
    /// <summary>Replaces a text by another in each.</summary>
    public static Func<List<string>, List<string>> Replace(string old, string replacement) =>
        texts => texts.ConvertAll(text => text.Replace(old, replacement, StringComparison.Ordinal));

    /// <summary>Joins all.</summary>
    public static List<string> Fuse(List<string> texts) => [string.Concat(texts)];

    /// <summary>Takes up to so many of a character from the beginning and the end of each.</summary>
    public static Func<List<string>, List<string>> Strip(char character, int start, int end) => texts => texts.ConvertAll(text =>
    {
        var (first, last) = (0, text.Length);
        while (first < Math.Min(start, text.Length) && text[first] == character)
        {
            first++;
        }

        while (text.Length - last < end && last > first && text[last - 1] == character)
        {
            last--;
        }

        return text[first..last];
    });

    /// <summary>
    /// Turns rows of byte tokens such as <c>&lt;0xE5&gt;</c> into the characters that they spell, or as many U+FFFD where a row is
    /// no UTF-8.
    /// </summary>
    public static List<string> ByteFallback(List<string> texts)
    {
        var decoded = new List<string>(texts.Count);
        var bytes = new List<byte>();
        foreach (var text in texts)
        {
            if (ByteOf(text) is { } value)
            {
                bytes.Add(value);
                continue;
            }

            Flush();
            decoded.Add(text);
        }

        Flush();
        return decoded;

        void Flush()
        {
            if (bytes.Count > 0)
            {
                byte[] row = [.. bytes];
                decoded.Add(System.Text.Unicode.Utf8.IsValid(row) ? Encoding.UTF8.GetString(row) : new string('\uFFFD', row.Length));
                bytes.Clear();
            }
        }
    }

    /// <summary>Turns letters of the byte-level alphabet into the bytes that they stand for, and all bytes into one text.</summary>
    public static List<string> ByteLevel(List<string> texts)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var text in texts)
        {
            bytes.Write(ByteLevelBytes(text));
        }

        return [Encoding.UTF8.GetString(bytes.WrittenSpan)];
    }

    /// <summary>Turns marks into spaces; those of the first text are left out where encoding has put one before it.</summary>
    public static Func<List<string>, List<string>> Marks(char mark, bool prepended) => texts => [.. texts.Select((text, i) =>
        i == 0 && prepended ? text.Replace(mark.ToString(), "", StringComparison.Ordinal) : text.Replace(mark, ' '))];

    /// <summary>The bytes of a token by the byte-level alphabet; one with another character stands for itself.</summary>
    public static byte[] ByteLevelBytes(string token) => ByteLevelAlphabet.Decode(token) ?? Encoding.UTF8.GetBytes(token);

    /// <summary>The byte that a byte token stands for, or null.</summary>
    public static byte? ByteOf(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>' &&
        byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
