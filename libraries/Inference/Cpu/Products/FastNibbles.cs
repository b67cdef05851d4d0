using System.Runtime.CompilerServices;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// 4-bit weights and 8-bit activations. Per block and output eight integer products of four codes, 0 … 15, with four
/// activations, all added up in integers (16 bits suffice: 8 · 2 · 15 · 127), less 8 · Σ activations because codes are 8 too
/// large; to float; times both scales; added to the sum so far. Q4_1 has its minimum · Σ activations instead of the 8.
/// A block's codes stay in registers while all rows pass by.
/// </summary>
internal readonly unsafe struct FastNibbles<TFormat, TLanes, TInts, TFloats> : IPanelKernel
    where TFormat : struct, IPanelFormat
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
        for (var first = 0; first < PackedWeights.PanelOutputs; first += 2 * TLanes.Width)
        {
            byte* scales = PanelBlock.Scales<TFormat>(tile.Panel, first), codes = PanelBlock.Codes<TFormat>(tile.Panel, first);
            var records = tile.Record;
            for (var block = 0; block < tile.Blocks; block++)
            {
                PanelMemory.Ahead(scales + PanelMemory.Distance, PanelBlock.Bytes<TFormat>());
                var both = TLanes.Load(codes);
                var (a0, a4) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                both = TLanes.Load(codes + 64);
                var (a1, a5) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                both = TLanes.Load(codes + 128);
                var (a2, a6) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                both = TLanes.Load(codes + 192);
                var (a3, a7) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                var scaleA = TLanes.LoadHalves(scales);
                var next = codes + PanelBlock.NextCodes<TFormat>(TLanes.Width);
                both = TLanes.Load(next);
                var (b0, b4) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                both = TLanes.Load(next + 64);
                var (b1, b5) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                both = TLanes.Load(next + 128);
                var (b2, b6) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                both = TLanes.Load(next + 192);
                var (b3, b7) = (TLanes.LowNibbles(both), TLanes.HighNibbles(both));
                var nextScales = scales + PanelBlock.NextScales<TFormat>(TLanes.Width);
                var scaleB = TLanes.LoadHalves(nextScales);
                var x = records;
                var sums = tile.Sums + first;
                for (var row = 0; row < rows; row++, x += ActivationRows.RecordBytes, sums += PackedWeights.PanelOutputs)
                {
                    TInts a = default, b = default;
                    (a, b) = Dot(a, b, a0, b0, x);
                    (a, b) = Dot(a, b, a1, b1, x + 4);
                    (a, b) = Dot(a, b, a2, b2, x + 8);
                    (a, b) = Dot(a, b, a3, b3, x + 12);
                    (a, b) = Dot(a, b, a4, b4, x + 16);
                    (a, b) = Dot(a, b, a5, b5, x + 20);
                    (a, b) = Dot(a, b, a6, b6, x + 24);
                    (a, b) = Dot(a, b, a7, b7, x + 28);
                    TLanes.Store(Add(TLanes.LoadFloats((byte*)sums), a, scaleA, scales, x), sums);
                    TLanes.Store(Add(TLanes.LoadFloats((byte*)(sums + TLanes.Width)), b, scaleB, nextScales, x), sums + TLanes.Width);
                }

                records += stride;
                codes += PanelBlock.Bytes<TFormat>();
                scales += PanelBlock.Bytes<TFormat>();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TInts A, TInts B) Dot(TInts sumsA, TInts sumsB, TInts a, TInts b, byte* x)
    {
        var activations = TLanes.Spread(x);
        return (TLanes.Dot(sumsA, a, activations), TLanes.Dot(sumsB, b, activations));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloats Add(TFloats total, TInts sums, TFloats scale, byte* scales, byte* x)
    {
        if (typeof(TFormat) == typeof(Q41Format))
        {
            var part = TLanes.Multiply(TLanes.ToFloats(TLanes.Reduce(sums)), TLanes.Fill(*(float*)(x + ActivationRows.ScaleAt)));
            total = TLanes.MultiplyAdd(TLanes.LoadHalves(scales + 32), TLanes.Fill(*(float*)(x + ActivationRows.ScaledSumAt)), total);
            return TLanes.MultiplyAdd(part, scale, total);
        }

        var centred = TLanes.Subtract(TLanes.Reduce(sums), *(int*)(x + ActivationRows.SumAt));
        return TLanes.MultiplyAdd(TLanes.Multiply(TLanes.ToFloats(centred), TLanes.Fill(*(float*)(x + ActivationRows.ScaleAt))), scale, total);
    }
}
