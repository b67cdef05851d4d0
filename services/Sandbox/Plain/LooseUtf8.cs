using System.Text;

namespace O1Coder.Sandbox.Plain;

/// <summary>UTF-8 in which a lone surrogate, which is text to Python, takes three bytes like its neighbours.</summary>
internal static class LooseUtf8
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a text.</summary>
    public static byte[] Encode(string text)
    {
        try
        {
            return s_strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            var bytes = new List<byte>(text.Length + 16);
            for (var i = 0; i < text.Length; i++)
            {
                if (char.IsSurrogate(text[i]) && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])))
                {
                    bytes.AddRange([(byte)(0xe0 | (text[i] >> 12)), (byte)(0x80 | ((text[i] >> 6) & 0x3f)), (byte)(0x80 | (text[i] & 0x3f))]);
                    continue;
                }

                var length = char.IsSurrogate(text[i]) ? 2 : 1;
                bytes.AddRange(s_strict.GetBytes(text.Substring(i, length)));
                i += length - 1;
            }

            return [.. bytes];
        }
    }

    /// <summary>The text of bytes.</summary>
    /// <exception cref="PlainFormatException">They are no such text.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            var (surrogate, at) = FindSurrogate(bytes);
            try
            {
                text.Append(s_strict.GetString(bytes[..at]));
            }
            catch (DecoderFallbackException exception)
            {
                throw new PlainFormatException($"malformed data: {exception.Message}");
            }

            text.Append(at < bytes.Length ? surrogate.ToString() : "");
            bytes = bytes[Math.Min(bytes.Length, at + 3)..];
        }

        return text.ToString();
    }

    // A lead byte ED with a second byte from A0 on is a surrogate's.
    private static (char Surrogate, int At) FindSurrogate(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at + 2 < bytes.Length; at++)
        {
            var next = bytes[at..].IndexOf((byte)0xed);
            if (next < 0)
            {
                break;
            }

            at += next;
            if (at + 2 < bytes.Length && bytes[at + 1] is >= 0xa0 and < 0xc0 && bytes[at + 2] is >= 0x80 and < 0xc0)
            {
                return ((char)(0xd000 | ((bytes[at + 1] & 0x3f) << 6) | (bytes[at + 2] & 0x3f)), at);
            }
        }

        return ('\0', bytes.Length);
    }
}
