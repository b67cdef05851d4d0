using System.Runtime.CompilerServices;
using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>Floating-point numbers, exactly: inputs 0, 16, 1, 17, … of a block one after another, sixteen outputs of each.</summary>
/// <typeparam name="TNumber">How a number is stored, in two or four bytes.</typeparam>
internal readonly unsafe struct FloatFormat<TNumber> : IPanelFormat
    where TNumber : unmanaged, IPanelNumber
{
    /// <inheritdoc/>
    public static string Name => TNumber.Name;

    /// <inheritdoc/>
    public static GgufTensorType Stored => TNumber.Stored;

    /// <inheritdoc/>
    public static int ScaleBytes => 0;

    /// <inheritdoc/>
    public static int CodeBytes => ActivationRows.Block * 16 * sizeof(TNumber);

    /// <inheritdoc/>
    public static int LaneBytes => sizeof(TNumber);

    /// <inheritdoc/>
    public static int InputBytes => 2 * 16 * sizeof(TNumber);

    /// <inheritdoc/>
    public static void Put(byte* stored, byte* scales, byte* codes, int lane)
    {
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            ((TNumber*)codes)[(16 * Place(i)) + lane] = ((TNumber*)stored)[i];
        }
    }

    /// <inheritdoc/>
    public static void Get(byte* scales, byte* codes, int lane, float* destination)
    {
        for (var i = 0; i < ActivationRows.Block; i++)
        {
            destination[i] = ((TNumber*)codes)[(16 * Place(i)) + lane].Value;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TFloats Low, TFloats High) Weights<TLanes, TInts, TFloats>(byte* codes)
        where TLanes : struct, ILanes<TInts, TFloats>
        where TInts : struct
        where TFloats : struct =>
        (TNumber.Load<TLanes, TInts, TFloats>(codes), TNumber.Load<TLanes, TInts, TFloats>(codes + (16 * sizeof(TNumber))));

    // Where in a block an input lies, 0 to 31.
    private static int Place(int input) => (2 * (input % 16)) + (input / 16);
}
