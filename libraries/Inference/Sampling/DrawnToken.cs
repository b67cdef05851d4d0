namespace O1Coder.Inference.Sampling;

/// <summary>A token and how likely it was.</summary>
/// <param name="Token">Its id; <see cref="NoToken"/> when bias and constraint left none.</param>
/// <param name="SamplingLogProbability">Under the distribution that it was drawn from; 0 for greedy.</param>
/// <param name="ModelLogProbability">Under the model at temperature 1.</param>
internal readonly record struct DrawnToken(int Token, float SamplingLogProbability, float ModelLogProbability)
{
    /// <summary>Stands for a token where none could be drawn.</summary>
    public const int NoToken = -1;
}
