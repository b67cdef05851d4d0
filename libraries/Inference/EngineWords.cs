namespace O1Coder.Inference;

/// <summary>What people write for the choices of <see cref="EngineOptions"/>; either case will do.</summary>
public static class EngineWords
{
    private static readonly (string Word, WeightPrecision Value)[] s_weights =
        [("int4", WeightPrecision.Int4), ("int8", WeightPrecision.Int8), ("fp32", WeightPrecision.Float32)];

    private static readonly (string Word, Precision Value)[] s_accuracies = [("fast", Precision.Fast), ("exact", Precision.Exact)];

    /// <summary>What may be written for the weights, for people.</summary>
    public static string Weights => $"{string.Join(", ", s_weights.Select(known => known.Word))}, or nothing for as stored";

    /// <summary>What may be written for the accuracy, for people.</summary>
    public static string Accuracies => string.Join(" or ", s_accuracies.Select(known => known.Word));

    /// <summary>How weights are to be held: as stored where the word is empty; null for a word that is not known.</summary>
    public static WeightPrecision? FindWeights(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length == 0 ? WeightPrecision.AsStored : Find(s_weights, word);
    }

    /// <summary>The accuracy, or null for a word that is not known.</summary>
    public static Precision? FindAccuracy(string word) => Find(s_accuracies, word);

    /// <summary>The word, or <c>as stored</c>.</summary>
    public static string Describe(WeightPrecision weights) =>
        s_weights.FirstOrDefault(known => known.Value == weights).Word ?? "as stored";

    /// <summary>The word.</summary>
    public static string Describe(Precision accuracy) => s_accuracies.Single(known => known.Value == accuracy).Word;

    private static T? Find<T>((string Word, T Value)[] known, string word)
        where T : struct
    {
        foreach (var (text, value) in known)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}
