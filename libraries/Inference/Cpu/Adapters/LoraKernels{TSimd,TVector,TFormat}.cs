namespace O1Coder.Inference.Cpu;

/// <summary>
/// The adapters' kernels with vectors of one width and factors of one format. Factors are read once for four rows: they come
/// from memory, and must be made floats.
/// </summary>
/// <typeparam name="TSimd">The vectors' operations.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TFormat">How factors are held.</typeparam>
internal sealed unsafe class LoraKernels<TSimd, TVector, TFormat> : LoraKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TFormat : struct, IFactorFormat
{
    private const int Lanes = SixteenLanes<TSimd, TVector>.Count;

    /// <inheritdoc/>
    public override int Bytes => TFormat.Bytes;

    /// <inheritdoc/>
    public override float Scale(float largest) => TFormat.Scale(largest);

    /// <inheritdoc/>
    public override void Put(ReadOnlySpan<float> values, float scale, byte* codes) => TFormat.Put(values, scale, codes);

    /// <inheritdoc/>
    public override void Down(
        LoraFactors factors, int firstRank, int ranks, float* x, long xStride, int rows, float* inner, long innerStride)
    {
        var inputs = factors.Inputs;
        var lanes = stackalloc float[2 * RowsAtOnce * Lanes];
        for (var rank = 0; rank < ranks; rank += 2)
        {
            var a = factors.A + ((long)(firstRank + rank) * inputs * TFormat.Bytes);

            if (rank + 4 < ranks)
            {
                PanelMemory.AheadAll(a + (4L * inputs * TFormat.Bytes), 2L * inputs * TFormat.Bytes);
            }

            // Without a second rank the first one is computed twice.
            var distance = rank + 1 < ranks ? (long)inputs * TFormat.Bytes : 0;
            for (int row = 0, count; row < rows; row += count)
            {
                var from = x + (row * xStride);
                count = rows - row >= RowsAtOnce ? RowsAtOnce : 1;
                if (count == RowsAtOnce)
                {
                    FourRows(a, a + distance, inputs, from, xStride, lanes);
                }
                else
                {
                    OneRow(a, a + distance, inputs, from, lanes);
                }

                for (var i = 0; i < count; i++)
                {
                    var to = inner + ((row + i) * innerStride) + rank;
                    to[0] = Sum(lanes + (i * Lanes), a, from + (i * xStride), inputs) * factors.Scales[firstRank + rank];
                    if (distance > 0)
                    {
                        to[1] = Sum(lanes + ((count + i) * Lanes), a + distance, from + (i * xStride), inputs)
                            * factors.Scales[firstRank + rank + 1];
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Up(LoraFactors factors, int output, int count, float* inner, long innerStride, int rows, float* y, long yStride)
    {
        var (rank, width) = (factors.Rank, (long)factors.TileWidth(output) * TFormat.Bytes);
        var b = factors.B + (factors.Offset(output) * TFormat.Bytes);
        for (int row = 0, taken; row < rows; row += taken)
        {
            taken = rows - row >= RowsAtOnce ? RowsAtOnce : 1;
            if (taken == RowsAtOnce)
            {
                FourRows(b, width, count, inner + (row * innerStride), innerStride, rank, y + (row * yStride), yStride);
            }
            else
            {
                OneRow(b, width, count, inner + (row * innerStride), rank, y + (row * yStride));
            }
        }
    }

    // Lanes of rows with the first rank, then with the second.
    private static void FourRows(byte* a, byte* b, int inputs, float* x, long stride, float* lanes)
    {
        float* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
        var end = inputs - (inputs % Lanes);
        for (var lane = 0; lane < Lanes; lane += TSimd.Count)
        {
            var (a0, a1, a2, a3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
            var (b0, b1, b2, b3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
            for (var k = lane; k < end; k += Lanes)
            {
                var first = TFormat.Load<TSimd, TVector>(a + ((long)k * TFormat.Bytes));
                var second = TFormat.Load<TSimd, TVector>(b + ((long)k * TFormat.Bytes));
                var part = TSimd.Load(x + k);
                a0 = TSimd.MultiplyAdd(first, part, a0);
                b0 = TSimd.MultiplyAdd(second, part, b0);
                part = TSimd.Load(x1 + k);
                a1 = TSimd.MultiplyAdd(first, part, a1);
                b1 = TSimd.MultiplyAdd(second, part, b1);
                part = TSimd.Load(x2 + k);
                a2 = TSimd.MultiplyAdd(first, part, a2);
                b2 = TSimd.MultiplyAdd(second, part, b2);
                part = TSimd.Load(x3 + k);
                a3 = TSimd.MultiplyAdd(first, part, a3);
                b3 = TSimd.MultiplyAdd(second, part, b3);
            }

            TSimd.Store(a0, lanes + lane);
            TSimd.Store(a1, lanes + Lanes + lane);
            TSimd.Store(a2, lanes + (2 * Lanes) + lane);
            TSimd.Store(a3, lanes + (3 * Lanes) + lane);
            TSimd.Store(b0, lanes + (4 * Lanes) + lane);
            TSimd.Store(b1, lanes + (5 * Lanes) + lane);
            TSimd.Store(b2, lanes + (6 * Lanes) + lane);
            TSimd.Store(b3, lanes + (7 * Lanes) + lane);
        }
    }

    private static void OneRow(byte* a, byte* b, int inputs, float* x, float* lanes)
    {
        var end = inputs - (inputs % Lanes);
        for (var lane = 0; lane < Lanes; lane += TSimd.Count)
        {
            var (first, second) = (TSimd.Zero, TSimd.Zero);
            for (var k = lane; k < end; k += Lanes)
            {
                var part = TSimd.Load(x + k);
                first = TSimd.MultiplyAdd(TFormat.Load<TSimd, TVector>(a + ((long)k * TFormat.Bytes)), part, first);
                second = TSimd.MultiplyAdd(TFormat.Load<TSimd, TVector>(b + ((long)k * TFormat.Bytes)), part, second);
            }

            TSimd.Store(first, lanes + lane);
            TSimd.Store(second, lanes + Lanes + lane);
        }
    }

    private static float Sum(float* lanes, byte* a, float* x, int inputs)
    {
        var rest = 0f;
        for (var k = inputs - (inputs % Lanes); k < inputs; k++)
        {
            rest = MathF.FusedMultiplyAdd(TFormat.Get(a + ((long)k * TFormat.Bytes)), x[k], rest);
        }

        return SixteenLanes<TSimd, TVector>.Sum(lanes) + rest;
    }

    private static void FourRows(
        byte* b, long width, int count, float* weights, long weightStride, int rank, float* y, long stride)
    {
        float* w1 = weights + weightStride, w2 = w1 + weightStride, w3 = w2 + weightStride;
        var i = 0;
        for (; i <= count - (2 * TSimd.Count); i += 2 * TSimd.Count)
        {
            var (a0, a1, a2, a3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
            var (b0, b1, b2, b3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
            var from = b + ((long)i * TFormat.Bytes);
            for (var r = 0; r < rank; r++, from += width)
            {
                var first = TFormat.Load<TSimd, TVector>(from);
                var second = TFormat.Load<TSimd, TVector>(from + (TSimd.Count * TFormat.Bytes));
                var weight = TSimd.Broadcast(weights[r]);
                a0 = TSimd.MultiplyAdd(weight, first, a0);
                b0 = TSimd.MultiplyAdd(weight, second, b0);
                weight = TSimd.Broadcast(w1[r]);
                a1 = TSimd.MultiplyAdd(weight, first, a1);
                b1 = TSimd.MultiplyAdd(weight, second, b1);
                weight = TSimd.Broadcast(w2[r]);
                a2 = TSimd.MultiplyAdd(weight, first, a2);
                b2 = TSimd.MultiplyAdd(weight, second, b2);
                weight = TSimd.Broadcast(w3[r]);
                a3 = TSimd.MultiplyAdd(weight, first, a3);
                b3 = TSimd.MultiplyAdd(weight, second, b3);
            }

            var to = y + i;
            Extend(to, a0, b0);
            Extend(to += stride, a1, b1);
            Extend(to += stride, a2, b2);
            Extend(to + stride, a3, b3);
        }

        for (var row = 0; row < RowsAtOnce && i < count; row++)
        {
            OneRow(b + ((long)i * TFormat.Bytes), width, count - i, weights + (row * weightStride), rank, y + i + (row * stride));
        }
    }

    private static void OneRow(byte* b, long width, int count, float* weights, int rank, float* y)
    {
        var i = 0;
        for (; i <= count - (2 * TSimd.Count); i += 2 * TSimd.Count)
        {
            var (first, second) = (TSimd.Zero, TSimd.Zero);
            var from = b + ((long)i * TFormat.Bytes);
            for (var r = 0; r < rank; r++, from += width)
            {
                var weight = TSimd.Broadcast(weights[r]);
                first = TSimd.MultiplyAdd(weight, TFormat.Load<TSimd, TVector>(from), first);
                second = TSimd.MultiplyAdd(weight, TFormat.Load<TSimd, TVector>(from + (TSimd.Count * TFormat.Bytes)), second);
            }

            Extend(y + i, first, second);
        }

        // As vectors too, so that an element's bits do not depend on where the columns end.
        var rest = stackalloc float[Lanes];
        for (int taken; i < count; i += taken)
        {
            taken = Math.Min(TSimd.Count, count - i);
            var sum = TSimd.Zero;
            for (var r = 0; r < rank; r++)
            {
                for (var j = 0; j < taken; j++)
                {
                    rest[j] = TFormat.Get(b + (r * width) + ((long)(i + j) * TFormat.Bytes));
                }

                sum = TSimd.MultiplyAdd(TSimd.Broadcast(weights[r]), TSimd.Load(rest), sum);
            }

            TSimd.Store(sum, rest);
            for (var j = 0; j < taken; j++)
            {
                y[i + j] += rest[j];
            }
        }
    }

    private static void Extend(float* y, TVector first, TVector second)
    {
        TSimd.Store(TSimd.Add(TSimd.Load(y), first), y);
        TSimd.Store(TSimd.Add(TSimd.Load(y + TSimd.Count), second), y + TSimd.Count);
    }
}
