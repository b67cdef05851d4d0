using System.Text;

namespace O1Coder.Sandbox.Languages;

/// <summary>What a compiler said, cut to 64 KiB of UTF-8 with a note; invalid bytes become U+FFFD.</summary>
internal static class CompileLog
{
    /// <summary>The most bytes that a log takes, its note included.</summary>
    public const int MostBytes = 64 << 10;

    private const int NoteBytes = 64;

    /// <summary>The beginning, where the first error is.</summary>
    public static string Cut(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MostBytes)]);
        if (bytes.Length <= MostBytes && Encoding.UTF8.GetByteCount(text) <= MostBytes)
        {
            return text;
        }

        var (kept, room) = (new StringBuilder(), MostBytes - NoteBytes);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((room -= rune.Utf8SequenceLength) < 0)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return $"{kept}\n[… the first part of {bytes.Length} bytes]";
    }
}
