using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace O1Coder.Inference.Cpu;

/// <summary>AVX2 and FMA, with AVX-VNNI where it is there.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<int>, Vector256<float>>
{
    /// <inheritdoc/>
    public static int Width => 8;

    /// <inheritdoc/>
    public static int LargestTile => 3;

    /// <inheritdoc/>
    public static bool WholeBytes => AvxVnni.IsSupported;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(byte* from) => Vector256.Load((int*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Spread(byte* activations) => Vector256.Create(*(int*)activations);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LowNibbles(Vector256<int> codes) => codes & Vector256.Create(0x0F0F0F0F);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> HighNibbles(Vector256<int> codes) => (codes >>> 4) & Vector256.Create(0x0F0F0F0F);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<int> sums, Vector256<int> codes, Vector256<int> activations) =>
        AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(sums, codes.AsByte(), activations.AsSByte())
        : (sums.AsInt16() + Avx2.MultiplyAddAdjacent(codes.AsByte(), activations.AsSByte())).AsInt32();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Reduce(Vector256<int> sums) =>
        AvxVnni.IsSupported ? sums : Avx2.MultiplyAddAdjacent(sums.AsInt16(), Vector256<short>.One);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Subtract(Vector256<int> numbers, int number) => numbers - Vector256.Create(number);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Combine(Vector256<int> high, Vector256<int> low) => (high << 4) + low;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToFloats(Vector256<int> numbers) => Vector256.ConvertToSingle(numbers);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> CentredNibble(Vector256<int> codes) => Centred(codes, 15, 8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> CentredHighNibble(Vector256<int> codes) => Centred(codes >>> 4, 15, 8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> CentredByte(Vector256<int> codes) => Centred(codes, 255, 128);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadFloats(byte* from) => Vector256.Load((float*)from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadHalves(byte* from)
    {
        // Exponent and mantissa go where a float has them, which makes the number 2^112 times too small, subnormals included;
        // the product puts that right exactly. The first shift copies the sign into three bits that are then cleared.
        var bits = (Avx2.ConvertToVector256Int32(Vector128.Load((ushort*)from)) << 16) >> 3;
        return (bits & Vector256.Create(unchecked((int)0x8FFFFFFF))).AsSingle() * Vector256.Create(5.192296858534828e33f);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadUpperHalves(byte* from) =>
        (Avx2.ConvertToVector256Int32(Vector128.Load((ushort*)from)) << 16).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Fill(float value) => Vector256.Create(value);

    /// <inheritdoc/>
    // As integers: of a float the compiler makes a load and a shuffle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Spread(float* value) => Vector256.Create(*(int*)value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAdd(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> values, float* to) => values.Store(to);

    // The bits of a small integer below the exponent of 2^23 are the float 2^23 + integer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Centred(Vector256<int> codes, int mask, float middle) =>
        ((codes & Vector256.Create(mask)) | Vector256.Create(0x4B000000)).AsSingle() - Vector256.Create(8_388_608f + middle);
}
