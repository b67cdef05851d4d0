namespace O1Coder.Sandbox.Checking;

/// <summary>Compares outputs byte for byte; whether the last line ends with a newline does not matter.</summary>
internal static class ExactComparison
{
    /// <summary>Whether both are the same.</summary>
    public static bool Equal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => WithoutNewline(left).SequenceEqual(WithoutNewline(right));

    private static ReadOnlySpan<byte> WithoutNewline(ReadOnlySpan<byte> text) => text.EndsWith("\n"u8) ? text[..^1] : text;
}
