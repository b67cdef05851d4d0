namespace O1Coder.Inference;

/// <summary>What people write for <see cref="WeightPrecision"/>.</summary>
public static class WeightWords
{
    private static readonly (string Word, WeightPrecision Precision)[] s_known =
    [
        ("int4", WeightPrecision.Int4), ("int8", WeightPrecision.Int8), ("fp32", WeightPrecision.Float32),
    ];

    /// <summary>What may be written, for people.</summary>
    public static string Expected => $"{string.Join(", ", s_known.Select(known => known.Word))}, or nothing for as stored";

    /// <summary>The precision of a word, in either case; as stored where it is empty; null for any other word.</summary>
    public static WeightPrecision? Find(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        foreach (var (known, precision) in s_known)
        {
            if (known.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return precision;
            }
        }

        return word.Length == 0 ? WeightPrecision.AsStored : null;
    }

    /// <summary>The word, for people too.</summary>
    public static string Describe(WeightPrecision precision)
    {
        foreach (var (known, same) in s_known)
        {
            if (same == precision)
            {
                return known;
            }
        }

        return "as stored";
    }
}
