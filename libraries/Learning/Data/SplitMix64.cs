namespace O1Coder.Learning.Data;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): random numbers that are the same on every machine and in every version of .NET.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <summary>A number in [0, <paramref name="limit"/>); the bias is below 2⁻³².</summary>
    public uint Below(uint limit) => (uint)(((Next() >> 32) * limit) >> 32);

    /// <summary>A number in [0, 1) with 24 bits.</summary>
    public float NextSingle() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>The generator's finaliser: spreads a number over all bits.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
