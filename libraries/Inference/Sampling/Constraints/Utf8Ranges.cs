namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// Cuts ranges of characters into sequences of byte ranges of their UTF-8 (after Ken Thompson; Cox, "Regular Expression
/// Matching in the Wild", 2010): a range is cut until all its characters have the same length and each byte runs through
/// its range whatever the others are.
/// </summary>
internal static class Utf8Ranges
{
    private static readonly int[] s_lastOfLength = [0x7F, 0x7FF, 0xFFFF];

    /// <summary>The sequences, each of 1 to 4 byte ranges, their ends included.</summary>
    public static List<(byte Low, byte High)[]> Of(CodePoints points)
    {
        var sequences = new List<(byte Low, byte High)[]>();
        foreach (var (low, high) in points.Ranges)
        {
            Cut(low, high, sequences);
        }

        return sequences;
    }

    private static void Cut(int low, int high, List<(byte Low, byte High)[]> sequences)
    {
        foreach (var last in s_lastOfLength)
        {
            if (low <= last && last < high)
            {
                Cut(low, last, sequences);
                Cut(last + 1, high, sequences);
                return;
            }
        }

        for (var tail = 1; tail <= 3 && high > 0x7F; tail++)
        {
            var mask = (1 << (6 * tail)) - 1;
            if ((low & ~mask) == (high & ~mask))
            {
                continue;
            }

            var middle = (low & mask) != 0 ? low | mask : (high & mask) != mask ? (high & ~mask) - 1 : high;
            if (middle < high)
            {
                Cut(low, middle, sequences);
                Cut(middle + 1, high, sequences);
                return;
            }
        }

        Span<byte> first = stackalloc byte[4];
        Span<byte> final = stackalloc byte[4];
        var sequence = new (byte Low, byte High)[new System.Text.Rune(low).EncodeToUtf8(first)];
        new System.Text.Rune(high).EncodeToUtf8(final);
        for (var i = 0; i < sequence.Length; i++)
        {
            sequence[i] = (first[i], final[i]);
        }

        sequences.Add(sequence);
    }
}
