namespace O1Coder.Inference.Cpu;

/// <summary>The row kernels with vectors of one width. What is left at a row's end is computed one by one.</summary>
/// <typeparam name="TSimd">The vectors' operations.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
internal sealed unsafe class RowKernels<TSimd, TVector> : RowKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    public override void Normalize(float* x, float* weight, float epsilon, int count, float* y)
    {
        var sum = SixteenLanes<TSimd, TVector>.Squares(x, count);
        var factor = 1 / MathF.Sqrt((sum / count) + epsilon);
        var all = TSimd.Broadcast(factor);
        var i = 0;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TSimd.Store(TSimd.Multiply(TSimd.Multiply(TSimd.Load(x + i), all), TSimd.Load(weight + i)), y + i);
        }

        for (; i < count; i++)
        {
            y[i] = x[i] * factor * weight[i];
        }
    }

    /// <inheritdoc/>
    public override void Add(float* addend, int count, float* y)
    {
        var i = 0;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(y + i), TSimd.Load(addend + i)), y + i);
        }

        for (; i < count; i++)
        {
            y[i] += addend[i];
        }
    }

    /// <inheritdoc/>
    public override void Rotate(float* head, float* cosines, float* sines, int half, float scale)
    {
        var all = TSimd.Broadcast(scale);
        var i = 0;
        for (; i <= half - TSimd.Count; i += TSimd.Count)
        {
            var (cosine, sine) = (TSimd.Load(cosines + i), TSimd.Load(sines + i));
            var (first, second) = (TSimd.Load(head + i), TSimd.Load(head + half + i));
            var turned = TSimd.Subtract(TSimd.Multiply(first, cosine), TSimd.Multiply(second, sine));
            var other = TSimd.Add(TSimd.Multiply(second, cosine), TSimd.Multiply(first, sine));
            TSimd.Store(TSimd.Multiply(turned, all), head + i);
            TSimd.Store(TSimd.Multiply(other, all), head + half + i);
        }

        for (; i < half; i++)
        {
            var (first, second) = (head[i], head[half + i]);
            head[i] = ((first * cosines[i]) - (second * sines[i])) * scale;
            head[half + i] = ((second * cosines[i]) + (first * sines[i])) * scale;
        }
    }

    /// <inheritdoc/>
    public override void Gate(float* gate, float* up, int count, float* y)
    {
        var i = 0;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TSimd.Store(Gated(TSimd.Load(gate + i), TSimd.Load(up + i)), y + i);
        }

        if (i < count)
        {
            var left = count - i;
            var gates = stackalloc float[16];
            var ups = stackalloc float[16];
            new Span<float>(gate + i, left).CopyTo(new Span<float>(gates, left));
            new Span<float>(up + i, left).CopyTo(new Span<float>(ups, left));
            TSimd.Store(Gated(TSimd.Load(gates), TSimd.Load(ups)), gates);
            new Span<float>(gates, left).CopyTo(new Span<float>(y + i, left));
        }
    }

    /// <inheritdoc/>
    public override void Exp(float* x, int count, float* y)
    {
        var i = 0;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TSimd.Store(VectorExp<TSimd, TVector>.Exp(TSimd.Load(x + i)), y + i);
        }

        if (i < count)
        {
            var left = count - i;
            var rest = stackalloc float[16];
            new Span<float>(x + i, left).CopyTo(new Span<float>(rest, left));
            TSimd.Store(VectorExp<TSimd, TVector>.Exp(TSimd.Load(rest)), rest);
            new Span<float>(rest, left).CopyTo(new Span<float>(y + i, left));
        }
    }

    /// <inheritdoc/>
    public override void Dots(float* matrix, int outputs, int inputs, float* x, float* y)
    {
        // Each row has its own sum, so that their number changes no bit.
        var row = 0;
        for (; row <= outputs - 4; row += 4)
        {
            SixteenLanes<TSimd, TVector>.FourDots(matrix + ((long)row * inputs), inputs, x, y + row);
        }

        for (; row < outputs; row++)
        {
            y[row] = SixteenLanes<TSimd, TVector>.Dot(matrix + ((long)row * inputs), inputs, x);
        }
    }

    /// <inheritdoc/>
    public override void AddCombination(float* factors, int rank, float* matrix, long stride, int count, float* y)
    {
        var i = 0;
        for (; i <= count - (4 * TSimd.Count); i += 4 * TSimd.Count)
        {
            var (s0, s1, s2, s3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
            var m = matrix + i;
            for (var r = 0; r < rank; r++, m += stride)
            {
                var factor = TSimd.Broadcast(factors[r]);
                s0 = TSimd.MultiplyAdd(factor, TSimd.Load(m), s0);
                s1 = TSimd.MultiplyAdd(factor, TSimd.Load(m + TSimd.Count), s1);
                s2 = TSimd.MultiplyAdd(factor, TSimd.Load(m + (2 * TSimd.Count)), s2);
                s3 = TSimd.MultiplyAdd(factor, TSimd.Load(m + (3 * TSimd.Count)), s3);
            }

            Extend(y + i, s0);
            Extend(y + i + TSimd.Count, s1);
            Extend(y + i + (2 * TSimd.Count), s2);
            Extend(y + i + (3 * TSimd.Count), s3);
        }

        for (; i < count; i++)
        {
            var sum = 0f;
            for (var r = 0; r < rank; r++)
            {
                sum = MathF.FusedMultiplyAdd(factors[r], matrix[(r * stride) + i], sum);
            }

            y[i] += sum;
        }
    }

    private static TVector Gated(TVector gate, TVector up)
    {
        var decay = VectorExp<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.Zero, gate));
        return TSimd.Multiply(TSimd.Divide(gate, TSimd.Add(TSimd.Broadcast(1), decay)), up);
    }

    private static void Extend(float* y, TVector sum) => TSimd.Store(TSimd.Add(TSimd.Load(y), sum), y);
}
