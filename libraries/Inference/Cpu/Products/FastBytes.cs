using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// 8-bit weights and 8-bit activations. Codes, 0 … 255, are multiplied four at a time with four activations where the machine
/// can, otherwise their halves of four bits one by one, so that sums fit in 16 bits; less 128 · Σ activations because codes are
/// 128 too large; to float; times both scales; added to the sum so far. A block's codes stay in registers while all rows pass by.
/// </summary>
internal readonly unsafe struct FastBytes<TLanes, TInts, TFloats> : IPanelKernel
    where TLanes : struct, ILanes<TInts, TFloats>
    where TInts : struct
    where TFloats : struct
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in PanelTile tile)
    {
        new Span<float>(tile.Sums, tile.Rows * PackedWeights.PanelOutputs).Clear();
        var (rows, stride) = (tile.Rows, tile.RecordStride);
        byte* records = tile.Record, panel = tile.Panel;
        for (var block = 0; block < tile.Blocks; block++, records += stride, panel += PanelBlock.Bytes<Q80Format>())
        {
            PanelMemory.Ahead(panel + PanelMemory.Distance, PanelBlock.Bytes<Q80Format>() / 2);
            PanelMemory.Ahead(panel + PanelMemory.Distance + (PanelBlock.Bytes<Q80Format>() / 2), PanelBlock.Bytes<Q80Format>() / 2);

            // All of a block before the next: memory is read in order.
            for (var first = 0; first < PackedWeights.PanelOutputs; first += TLanes.Width)
            {
                var codes = PanelBlock.Codes<Q80Format>(panel, first);
                var (l0, h0) = Codes(codes);
                var (l1, h1) = Codes(codes + 128);
                var (l2, h2) = Codes(codes + 256);
                var (l3, h3) = Codes(codes + 384);
                var (l4, h4) = Codes(codes + 64);
                var (l5, h5) = Codes(codes + 192);
                var (l6, h6) = Codes(codes + 320);
                var (l7, h7) = Codes(codes + 448);
                var scale = TLanes.LoadHalves(PanelBlock.Scales<Q80Format>(panel, first));
                var x = records;
                var sums = tile.Sums + first;
                for (var row = 0; row < rows; row++, x += ActivationRows.RecordBytes, sums += PackedWeights.PanelOutputs)
                {
                    TInts l = default, h = default;
                    (l, h) = Dot(l, h, l0, h0, x);
                    (l, h) = Dot(l, h, l1, h1, x + 4);
                    (l, h) = Dot(l, h, l2, h2, x + 8);
                    (l, h) = Dot(l, h, l3, h3, x + 12);
                    (l, h) = Dot(l, h, l4, h4, x + 16);
                    (l, h) = Dot(l, h, l5, h5, x + 20);
                    (l, h) = Dot(l, h, l6, h6, x + 24);
                    (l, h) = Dot(l, h, l7, h7, x + 28);
                    TLanes.Store(Add(TLanes.LoadFloats((byte*)sums), l, h, scale, x), sums);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TInts Low, TInts High) Codes(byte* codes)
    {
        var both = TLanes.Load(codes);
        return TLanes.WholeBytes ? (both, default) : (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TInts Low, TInts High) Dot(TInts sumsOfLow, TInts sumsOfHigh, TInts low, TInts high, byte* x)
    {
        var activations = TLanes.Spread(x);
        return (TLanes.Dot(sumsOfLow, low, activations), TLanes.WholeBytes ? sumsOfHigh : TLanes.Dot(sumsOfHigh, high, activations));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloats Add(TFloats total, TInts low, TInts high, TFloats scale, byte* x)
    {
        var centred = TLanes.WholeBytes
            ? TLanes.Subtract(TLanes.Reduce(low), *(int*)(x + ActivationRows.SumAt) << 4)
            : TLanes.Combine(TLanes.Subtract(TLanes.Reduce(high), *(int*)(x + ActivationRows.SumAt)), TLanes.Reduce(low));
        return TLanes.MultiplyAdd(TLanes.Multiply(TLanes.ToFloats(centred), TLanes.Fill(*(float*)(x + ActivationRows.ScaleAt))), scale, total);
    }
}
