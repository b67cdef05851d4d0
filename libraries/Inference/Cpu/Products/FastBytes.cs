using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// 8-bit weights and 8-bit activations. Codes, 0 … 255, are multiplied four at a time with four activations where the machine
/// can, otherwise their halves of four bits one by one, so that sums fit in 16 bits; less 128 · Σ activations because codes are
/// 128 too large; to float; times both scales; added to the sum so far.
/// </summary>
internal readonly unsafe struct FastBytes<TLanes, TInts, TFloats> : IPanelKernel
    where TLanes : struct, ILanes<TInts, TFloats>
    where TInts : struct
    where TFloats : struct
{
    /// <inheritdoc/>
    public static int LargestTile => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows1(in PanelTile tile)
    {
        var results = tile.Results;
        for (var lane = 0; lane < PackedWeights.PanelOutputs; lane += TLanes.Width, results += TLanes.Width)
        {
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (4 * lane), x = tile.RowCodes, s = tile.RowScales;
            TFloats f0 = default;
            for (var block = 0; block < tile.Blocks; block++, s += ActivationRows.RecordBytes, scales += Q80Format.ScaleBytes)
            {
                TInts h0 = default;
                TInts l0 = default;
                PanelMemory.Ahead(scales + tile.PanelBytes, Q80Format.ScaleBytes);
                for (var group = 0; group < 4; group++, codes += 128, x += 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, 128);
                    var both = TLanes.Load(codes);
                    var (low, high) = (Low(both), TLanes.HighNibbles(both));
                    (h0, l0) = Dot(h0, l0, high, low, x);

                    both = TLanes.Load(codes + 64);
                    (low, high) = (Low(both), TLanes.HighNibbles(both));
                    (h0, l0) = Dot(h0, l0, high, low, x + 16);
                }

                x += ActivationRows.RecordBytes - 16;
                var scale = TLanes.LoadHalves(scales);
                f0 = Add(f0, h0, l0, scale, s);
            }

            TLanes.Store(f0, results);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows2(in PanelTile tile)
    {
        var results = tile.Results;
        for (var lane = 0; lane < PackedWeights.PanelOutputs; lane += TLanes.Width, results += TLanes.Width)
        {
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (4 * lane), x = tile.RowCodes, s = tile.RowScales;
            TFloats f0 = default, f1 = default;
            for (var block = 0; block < tile.Blocks; block++, s += ActivationRows.RecordBytes, scales += Q80Format.ScaleBytes)
            {
                TInts h0 = default, h1 = default;
                TInts l0 = default, l1 = default;
                PanelMemory.Ahead(scales + tile.PanelBytes, Q80Format.ScaleBytes);
                for (var group = 0; group < 4; group++, codes += 128, x += 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, 128);
                    var both = TLanes.Load(codes);
                    var (low, high) = (Low(both), TLanes.HighNibbles(both));
                    (h0, l0) = Dot(h0, l0, high, low, x);
                    (h1, l1) = Dot(h1, l1, high, low, x + 32);

                    both = TLanes.Load(codes + 64);
                    (low, high) = (Low(both), TLanes.HighNibbles(both));
                    (h0, l0) = Dot(h0, l0, high, low, x + 16);
                    (h1, l1) = Dot(h1, l1, high, low, x + 48);
                }

                x += ActivationRows.RecordBytes - 16;
                var scale = TLanes.LoadHalves(scales);
                f0 = Add(f0, h0, l0, scale, s);
                f1 = Add(f1, h1, l1, scale, s + 16);
            }

            TLanes.Store(f0, results);
            TLanes.Store(f1, results + tile.ResultStride);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows4(in PanelTile tile)
    {
        var results = tile.Results;
        for (var lane = 0; lane < PackedWeights.PanelOutputs; lane += TLanes.Width, results += TLanes.Width)
        {
            byte* scales = tile.Scales + (2 * lane), codes = tile.Codes + (4 * lane), x = tile.RowCodes, s = tile.RowScales;
            TFloats f0 = default, f1 = default, f2 = default, f3 = default;
            for (var block = 0; block < tile.Blocks; block++, s += ActivationRows.RecordBytes, scales += Q80Format.ScaleBytes)
            {
                TInts h0 = default, h1 = default, h2 = default, h3 = default;
                TInts l0 = default, l1 = default, l2 = default, l3 = default;
                PanelMemory.Ahead(scales + tile.PanelBytes, Q80Format.ScaleBytes);
                for (var group = 0; group < 4; group++, codes += 128, x += 4)
                {
                    PanelMemory.Ahead(codes + PanelMemory.Distance, 128);
                    var both = TLanes.Load(codes);
                    var (low, high) = (Low(both), TLanes.HighNibbles(both));
                    (h0, l0) = Dot(h0, l0, high, low, x);
                    (h1, l1) = Dot(h1, l1, high, low, x + 32);
                    (h2, l2) = Dot(h2, l2, high, low, x + 64);
                    (h3, l3) = Dot(h3, l3, high, low, x + 96);

                    both = TLanes.Load(codes + 64);
                    (low, high) = (Low(both), TLanes.HighNibbles(both));
                    (h0, l0) = Dot(h0, l0, high, low, x + 16);
                    (h1, l1) = Dot(h1, l1, high, low, x + 48);
                    (h2, l2) = Dot(h2, l2, high, low, x + 80);
                    (h3, l3) = Dot(h3, l3, high, low, x + 112);
                }

                x += ActivationRows.RecordBytes - 16;
                var scale = TLanes.LoadHalves(scales);
                f0 = Add(f0, h0, l0, scale, s);
                f1 = Add(f1, h1, l1, scale, s + 16);
                f2 = Add(f2, h2, l2, scale, s + 32);
                f3 = Add(f3, h3, l3, scale, s + 48);
            }

            TLanes.Store(f0, results);
            TLanes.Store(f1, results + tile.ResultStride);
            TLanes.Store(f2, results + (2 * tile.ResultStride));
            TLanes.Store(f3, results + (3 * tile.ResultStride));
        }
    }

    /// <inheritdoc/>
    public static void Rows8(in PanelTile tile) => throw new NotSupportedException("the largest tile is 4");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInts Low(TInts both) => TLanes.WholeBytes ? both : TLanes.LowNibbles(both);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TInts High, TInts Low) Dot(TInts sumsOfHigh, TInts sumsOfLow, TInts high, TInts low, byte* x)
    {
        var activations = TLanes.Spread(x);
        return (TLanes.WholeBytes ? sumsOfHigh : TLanes.Dot(sumsOfHigh, high, activations), TLanes.Dot(sumsOfLow, low, activations));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloats Add(TFloats total, TInts high, TInts low, TFloats scale, byte* s)
    {
        var centred = TLanes.WholeBytes
            ? TLanes.Subtract(TLanes.Reduce(low), *(int*)(s + 4) << 4)
            : TLanes.Combine(TLanes.Subtract(TLanes.Reduce(high), *(int*)(s + 4)), TLanes.Reduce(low));
        return TLanes.MultiplyAdd(TLanes.Multiply(TLanes.ToFloats(centred), TLanes.Fill(*(float*)s)), scale, total);
    }
}
