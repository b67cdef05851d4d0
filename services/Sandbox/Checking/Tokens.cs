using System.Buffers;

namespace O1Coder.Sandbox.Checking;

/// <summary>Cuts an output into whitespace-separated tokens. Whitespace is space, tab, CR, LF, VT and FF.</summary>
internal static class Tokens
{
    private static readonly SearchValues<byte> s_whitespace = SearchValues.Create(" \t\r\n\v\f"u8);

    /// <summary>Takes the next token off what is left; empty at the end.</summary>
    public static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
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
