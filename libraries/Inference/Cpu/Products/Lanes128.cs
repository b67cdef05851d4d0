using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace O1Coder.Inference.Cpu;

/// <summary>Vectors of 128 bits on any machine, with SSSE3 where it is there.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<int>, Vector128<float>>
{
    /// <inheritdoc/>
    public static int Width => 4;

    /// <inheritdoc/>
    public static int LargestTile => AdvSimd.IsSupported ? 6 : 3;

    /// <inheritdoc/>
    public static bool WholeBytes => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(byte* from) => Vector128.Load((int*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Spread(byte* activations) => Vector128.Create(*(int*)activations);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LowNibbles(Vector128<int> codes) => codes & Vector128.Create(0x0F0F0F0F);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> HighNibbles(Vector128<int> codes) => (codes >>> 4) & Vector128.Create(0x0F0F0F0F);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot(Vector128<int> sums, Vector128<int> codes, Vector128<int> activations)
    {
        if (Ssse3.IsSupported)
        {
            return (sums.AsInt16() + Ssse3.MultiplyAddAdjacent(codes.AsByte(), activations.AsSByte())).AsInt32();
        }

        for (var shift = 0; shift < 32; shift += 8)
        {
            sums += ((codes >>> shift) & Vector128.Create(255)) * ((activations << (24 - shift)) >> 24);
        }

        return sums;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Reduce(Vector128<int> sums) =>
        Ssse3.IsSupported ? Sse2.MultiplyAddAdjacent(sums.AsInt16(), Vector128<short>.One) : sums;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Subtract(Vector128<int> numbers, int number) => numbers - Vector128.Create(number);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Combine(Vector128<int> high, Vector128<int> low) => (high << 4) + low;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToFloats(Vector128<int> numbers) => Vector128.ConvertToSingle(numbers);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CentredNibble(Vector128<int> codes) => Centred(codes, 15, 8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CentredHighNibble(Vector128<int> codes) => Centred(codes >>> 4, 15, 8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CentredByte(Vector128<int> codes) => Centred(codes, 255, 128);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadFloats(byte* from) => Vector128.Load((float*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadHalves(byte* from)
    {
        // Exponent and mantissa go where a float has them, which makes the number 2^112 times too small, subnormals included;
        // the product puts that right exactly. The first shift copies the sign into three bits that are then cleared.
        var bits = (Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)from).AsUInt16()).AsInt32() << 16) >> 3;
        return (bits & Vector128.Create(unchecked((int)0x8FFFFFFF))).AsSingle() * Vector128.Create(5.192296858534828e33f);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadUpperHalves(byte* from) =>
        (Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)from).AsUInt16()).AsInt32() << 16).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Fill(float value) => Vector128.Create(value);

    /// <inheritdoc/>
    // As integers: of a float the compiler makes a load and a shuffle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Spread(float* value) => Vector128.Create(*(int*)value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> values, float* to) => values.Store(to);

    // The bits of a small integer below the exponent of 2^23 are the float 2^23 + integer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Centred(Vector128<int> codes, int mask, float middle) =>
        ((codes & Vector128.Create(mask)) | Vector128.Create(0x4B000000)).AsSingle() - Vector128.Create(8_388_608f + middle);
}
