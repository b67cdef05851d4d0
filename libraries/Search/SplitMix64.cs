namespace O1Coder.Search;

/// <summary>
/// The search's only source of chance: Steele, Lea and Flood's SplitMix64 ("Fast splittable pseudorandom number
/// generators", OOPSLA 2014), as a generator and as the mixing function that derives one seed from several numbers.
/// System.Random is not used because its stream is not promised to stay the same between versions of .NET.
/// </summary>
/// <param name="seed">The state to begin with.</param>
public struct SplitMix64(ulong seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Finalise(_state += GoldenGamma);

    /// <summary>A number in [0, <paramref name="bound"/>), without bias (multiply and reject, Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (ulong)bound;
        var threshold = (0 - range) % range;
        while (true)
        {
            var high = Math.BigMul(Next(), range, out var low);
            if (low >= threshold)
            {
                return (int)high;
            }
        }
    }

    /// <summary>
    /// One seed out of several numbers: h₀ = finalise(seed), hᵢ = finalise((hᵢ₋₁ xor vᵢ) + γ) with SplitMix64's
    /// finaliser and γ = 0x9E3779B97F4A7C15. The order of the numbers matters.
    /// </summary>
    public static ulong Mix(ulong seed, params ReadOnlySpan<ulong> values)
    {
        var hash = Finalise(seed);
        foreach (var value in values)
        {
            hash = Finalise((hash ^ value) + GoldenGamma);
        }

        return hash;
    }

    private static ulong Finalise(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
