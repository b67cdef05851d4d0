using System.Text;

namespace O1Coder.Sandbox;

/// <summary>Cuts texts for a report to 2 KiB of UTF-8; invalid bytes become U+FFFD, control characters stay.</summary>
internal static class TextCut
{
    /// <summary>The most bytes that a text takes, its note included.</summary>
    public const int MostBytes = 2048;

    private const int NoteBytes = 64;

    /// <summary>The beginning of a text.</summary>
    public static string Head(ReadOnlySpan<byte> bytes) => Cut(bytes, tail: false);

    /// <summary>The end of a text, where a traceback says what went wrong.</summary>
    public static string Tail(ReadOnlySpan<byte> bytes) => Cut(bytes, tail: true);

    /// <summary>The beginning of a text.</summary>
    public static string Head(string text) => Head(Encoding.UTF8.GetBytes(text));

    private static string Cut(ReadOnlySpan<byte> bytes, bool tail)
    {
        if (bytes.Length <= MostBytes && Encoding.UTF8.GetString(bytes) is var whole && Encoding.UTF8.GetByteCount(whole) <= MostBytes)
        {
            return whole;
        }

        // An invalid byte grows to the three of U+FFFD, so the text is cut by what it came to, at a character's edge.
        var window = tail ? bytes[Math.Max(0, bytes.Length - MostBytes)..] : bytes[..Math.Min(bytes.Length, MostBytes)];
        var runes = Encoding.UTF8.GetString(window).EnumerateRunes().ToArray();
        var (room, count) = (MostBytes - NoteBytes, 0);
        while (count < runes.Length && (room -= runes[tail ? ^(count + 1) : count].Utf8SequenceLength) >= 0)
        {
            count++;
        }

        var kept = string.Concat((tail ? runes[^count..] : runes[..count]).Select(rune => rune.ToString()));
        return tail ? $"[… the last part of {bytes.Length} bytes]\n{kept}" : $"{kept}\n[… the first part of {bytes.Length} bytes]";
    }
}
