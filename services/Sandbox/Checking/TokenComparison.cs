namespace O1Coder.Sandbox.Checking;

/// <summary>Compares outputs by whitespace-separated tokens, byte by byte; nothing is parsed, so 1 and 1.0 differ.</summary>
internal static class TokenComparison
{
    /// <summary>Whether both hold the same tokens in the same order.</summary>
    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        while (true)
        {
            var first = Tokens.Next(ref left);
            var second = Tokens.Next(ref right);
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
}
