namespace O1Coder.Models;

/// <summary>
/// How Llama 3.1 stretches the rotary embedding (<c>rope_type</c> llama3): frequencies whose wave is longer than
/// <see cref="OriginalContextLength"/> / <see cref="LowFrequencyFactor"/> are divided by <see cref="Factor"/>, those whose
/// wave is shorter than <see cref="OriginalContextLength"/> / <see cref="HighFrequencyFactor"/> stay, and those between
/// are blended linearly.
/// </summary>
/// <param name="Factor">The division of low frequencies, at least 1.</param>
/// <param name="LowFrequencyFactor">Where the division begins to be whole; positive.</param>
/// <param name="HighFrequencyFactor">Where it ends; above <paramref name="LowFrequencyFactor"/>.</param>
/// <param name="OriginalContextLength">The context before it was stretched, in tokens.</param>
public sealed record RopeScaling(float Factor, float LowFrequencyFactor, float HighFrequencyFactor, int OriginalContextLength);
