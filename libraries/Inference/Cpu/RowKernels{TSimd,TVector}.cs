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
    public override float Exp(float* x, int count, float shift, float factor, float* y)
    {
        var (less, times) = (TSimd.Broadcast(shift), TSimd.Broadcast(factor));
        var (even, odd) = (TSimd.Zero, TSimd.Zero);
        var i = 0;
        for (; i <= count - (2 * TSimd.Count); i += 2 * TSimd.Count)
        {
            var first = VectorExp<TSimd, TVector>.Exp(TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + i), less), times));
            var second = VectorExp<TSimd, TVector>.Exp(TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + i + TSimd.Count), less), times));
            TSimd.Store(first, y + i);
            TSimd.Store(second, y + i + TSimd.Count);
            (even, odd) = (TSimd.Add(even, first), TSimd.Add(odd, second));
        }

        var sum = TSimd.Sum(TSimd.Add(even, odd));
        if (i < count)
        {
            var left = count - i;
            var rest = stackalloc float[32];
            new Span<float>(x + i, left).CopyTo(new Span<float>(rest, left));
            for (var j = 0; j < left; j += TSimd.Count)
            {
                TSimd.Store(VectorExp<TSimd, TVector>.Exp(TSimd.Multiply(TSimd.Subtract(TSimd.Load(rest + j), less), times)), rest + j);
            }

            for (var j = 0; j < left; j++)
            {
                sum += y[i + j] = rest[j];
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override float Largest(float* x, int count)
    {
        var all = TSimd.Broadcast(*x);
        var i = 0;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            all = TSimd.Max(all, TSimd.Load(x + i));
        }

        var largest = TSimd.Largest(all);
        for (; i < count; i++)
        {
            largest = MathF.Max(largest, x[i]);
        }

        return largest;
    }

    private static TVector Gated(TVector gate, TVector up)
    {
        var decay = VectorExp<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.Zero, gate));
        return TSimd.Multiply(TSimd.Divide(gate, TSimd.Add(TSimd.Broadcast(1), decay)), up);
    }
}
