using System.Numerics;

namespace O1Coder.Inference.Sampling;

/// <summary>
/// Random numbers of one sequence: xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
/// 2021), its state filled by SplitMix64 from the request's seed and the sequence's number. Integer arithmetic only, so
/// it gives the same numbers on every platform; a change here changes every recorded run.
/// </summary>
internal struct RandomStream
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>The stream of sequence <paramref name="sequence"/> of a request with this seed.</summary>
    public RandomStream(ulong seed, int sequence)
    {
        // The seed is mixed before the number is added: seed 1, sequence 0 is not seed 0, sequence 1.
        var state = seed;
        state = SplitMix(ref state) ^ (uint)sequence;
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_a + _d, 23) + _a;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>The next number, uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    private static ulong SplitMix(ref ulong state)
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
