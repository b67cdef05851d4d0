using System.Buffers;

namespace O1Coder.Sandbox;

/// <summary>Compares outputs by whitespace-separated tokens, byte by byte; nothing is parsed, so 1 and 1.0 differ.</summary>
internal static class TokenComparison
{
    private static readonly SearchValues<byte> s_whitespace = SearchValues.Create(" \t\r\n\v\f"u8);

    /// <summary>Whether both hold the same tokens in the same order. Whitespace is space, tab, CR, LF, VT and FF.</summary>
    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        while (true)
        {
            var first = Next(ref left);
            var second = Next(ref right);
            if (!first.SequenceEqual(second))
            {
                return false;
            }

            if (first.IsEmpty)
            {
                return true;
            }
        }
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        var start = rest.IndexOfAnyExcept(s_whitespace);
        if (start < 0)
        {
            return rest = default;
        }

        rest = rest[start..];
        var end = rest.IndexOfAny(s_whitespace);
        var token = end < 0 ? rest : rest[..end];
        rest = rest[token.Length..];
        return token;
    }
}
