using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace O1Coder.Inference.Cpu;

/// <summary>AVX-512 F and BW. There is no 512-bit VNNI in .NET 10.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<int>, Vector512<float>>
{
    /// <inheritdoc/>
    public static int Width => 16;

    /// <inheritdoc/>
    public static int LargestTile => 6;

    /// <inheritdoc/>
    public static bool WholeBytes => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(byte* from) => Vector512.Load((int*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Spread(byte* activations) => Vector512.Create(*(int*)activations);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LowNibbles(Vector512<int> codes) => codes & Vector512.Create(0x0F0F0F0F);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> HighNibbles(Vector512<int> codes) => (codes >>> 4) & Vector512.Create(0x0F0F0F0F);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Dot(Vector512<int> sums, Vector512<int> codes, Vector512<int> activations) =>
        (sums.AsInt16() + Avx512BW.MultiplyAddAdjacent(codes.AsByte(), activations.AsSByte())).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Reduce(Vector512<int> sums) => Avx512BW.MultiplyAddAdjacent(sums.AsInt16(), Vector512<short>.One);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Subtract(Vector512<int> numbers, int number) => numbers - Vector512.Create(number);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Combine(Vector512<int> high, Vector512<int> low) => (high << 4) + low;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToFloats(Vector512<int> numbers) => Vector512.ConvertToSingle(numbers);

    /// <inheritdoc/>
    // The permutation reads the lowest four bits of a lane only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CentredNibble(Vector512<int> codes) =>
        Avx512F.PermuteVar16x32(Vector512.Create(-8f, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7), codes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CentredHighNibble(Vector512<int> codes) =>
        Avx512F.PermuteVar16x32(Vector512.Create(-8f, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7), codes >>> 4);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CentredByte(Vector512<int> codes) => Centred(codes, 255, 128);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadFloats(byte* from) => Vector512.Load((float*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadHalves(byte* from)
    {
        // Exponent and mantissa go where a float has them, which makes the number 2^112 times too small, subnormals included;
        // the product puts that right exactly. The first shift copies the sign into three bits that are then cleared.
        var bits = (Avx512F.ConvertToVector512Int32(Vector256.Load((ushort*)from)) << 16) >> 3;
        return (bits & Vector512.Create(unchecked((int)0x8FFFFFFF))).AsSingle() * Vector512.Create(5.192296858534828e33f);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadUpperHalves(byte* from) =>
        (Avx512F.ConvertToVector512Int32(Vector256.Load((ushort*)from)) << 16).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Fill(float value) => Vector512.Create(value);

    /// <inheritdoc/>
    // As integers: of a float the compiler makes a load and a shuffle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Spread(float* value) => Vector512.Create(*(int*)value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, float* to) => values.Store(to);

    // The bits of a small integer below the exponent of 2^23 are the float 2^23 + integer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Centred(Vector512<int> codes, int mask, float middle) =>
        ((codes & Vector512.Create(mask)) | Vector512.Create(0x4B000000)).AsSingle() - Vector512.Create(8_388_608f + middle);
}
