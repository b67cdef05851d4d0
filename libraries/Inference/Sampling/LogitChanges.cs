namespace O1Coder.Inference.Sampling;

/// <summary>What is done to a position's logits before temperature and truncation, in the order of the properties.</summary>
internal readonly ref struct LogitChanges
{
    /// <summary>A value that bans a token altogether, instead of being added.</summary>
    public const float Ban = -100;

    /// <summary>Values that are added to tokens' logits.</summary>
    public ReadOnlySpan<KeyValuePair<int, float>> Bias { get; init; }

    /// <summary>Tokens that count as repeated, each once.</summary>
    public ReadOnlySpan<int> Seen { get; init; }

    /// <summary>One bit a token: those that the constraint allows. Empty without a constraint.</summary>
    public ReadOnlySpan<ulong> Allowed { get; init; }

    /// <summary>Whether nothing is changed.</summary>
    public bool AreNone => Bias.IsEmpty && Seen.IsEmpty && Allowed.IsEmpty;

    /// <summary>Changes a copy of the logits.</summary>
    /// <param name="logits">[vocabulary]; what may not be drawn becomes negative infinity.</param>
    /// <param name="penalty">Divides positive logits of seen tokens and multiplies negative ones.</param>
    public void Apply(Span<float> logits, float penalty)
    {
        foreach (var (token, value) in Bias)
        {
            logits[token] = value == Ban ? float.NegativeInfinity : logits[token] + value;
        }

        foreach (var token in Seen)
        {
            logits[token] = logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty;
        }

        for (var word = 0; word < Allowed.Length; word++)
        {
            var part = logits[(word * 64)..Math.Min((word + 1) * 64, logits.Length)];
            if (Allowed[word] == 0)
            {
                part.Fill(float.NegativeInfinity);
                continue;
            }

            for (var bits = ~Allowed[word]; bits != 0; bits &= bits - 1)
            {
                var bit = System.Numerics.BitOperations.TrailingZeroCount(bits);
                if (bit < part.Length)
                {
                    part[bit] = float.NegativeInfinity;
                }
            }
        }
    }
}
