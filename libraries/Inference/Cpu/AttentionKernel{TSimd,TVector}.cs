namespace O1Coder.Inference.Cpu;

/// <summary>Attention with vectors of one width; eight sums are under way at a time, as many as hide a multiply-add's latency.</summary>
/// <typeparam name="TSimd">The vectors' operations.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
/// <param name="layout">How keys and values lie.</param>
/// <param name="heads">Query heads.</param>
internal sealed unsafe class AttentionKernel<TSimd, TVector>(KvLayout layout, int heads) : AttentionKernel(layout, heads)
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <inheritdoc/>
    protected override void Extend(in AttentionState state, int first, int count, float* keys, int from, int tokens)
    {
        Score(state, first, count, keys);
        for (var i = first; i < first + count; i++)
        {
            Weigh(state.Scores + ((long)i * KvLayout.PageTokens), from, tokens, state.Largest + i, state.Totals + i, state.Scales + i);
        }

        Collect(state, first, count, keys + Layout.ValuesOffset, from, tokens);
    }

    /// <inheritdoc/>
    protected override void Finish(float* sum, float total, float* output)
    {
        var all = TSimd.Broadcast(total);
        var i = 0;
        for (; i <= Layout.HeadSize - TSimd.Count; i += TSimd.Count)
        {
            TSimd.Store(TSimd.Divide(TSimd.Load(sum + i), all), output + i);
        }

        for (; i < Layout.HeadSize; i++)
        {
            output[i] = sum[i] / total;
        }
    }

    // Where queries are left over, the last one is computed several times, which changes nothing.
    private void Score(in AttentionState state, int first, int count, float* keys)
    {
        var last = first + count - 1;
        if (TSimd.Count == 16)
        {
            for (var i = first; i <= last; i += 8)
            {
                Score8(state, i, last, keys);
            }
        }
        else if (TSimd.Count == 8)
        {
            for (var i = first; i <= last; i += 4)
            {
                Score4(state, i, last, keys);
            }
        }
        else
        {
            for (var i = first; i <= last; i += 2)
            {
                Score2(state, i, last, keys);
            }
        }
    }

    private void Score8(in AttentionState state, int i, int last, float* keys)
    {
        var queries = state.Queries;
        var q0 = queries[i];
        var q1 = queries[Math.Min(i + 1, last)];
        var q2 = queries[Math.Min(i + 2, last)];
        var q3 = queries[Math.Min(i + 3, last)];
        var q4 = queries[Math.Min(i + 4, last)];
        var q5 = queries[Math.Min(i + 5, last)];
        var q6 = queries[Math.Min(i + 6, last)];
        var q7 = queries[Math.Min(i + 7, last)];
        var (s0, s1, s2, s3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
        var (s4, s5, s6, s7) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
        var size = Layout.HeadSize;
        for (var d = 0; d < size; d++)
        {
            var key = TSimd.Load(keys + (d * KvLayout.PageTokens));
            s0 = TSimd.MultiplyAdd(TSimd.Broadcast(q0[d]), key, s0);
            s1 = TSimd.MultiplyAdd(TSimd.Broadcast(q1[d]), key, s1);
            s2 = TSimd.MultiplyAdd(TSimd.Broadcast(q2[d]), key, s2);
            s3 = TSimd.MultiplyAdd(TSimd.Broadcast(q3[d]), key, s3);
            s4 = TSimd.MultiplyAdd(TSimd.Broadcast(q4[d]), key, s4);
            s5 = TSimd.MultiplyAdd(TSimd.Broadcast(q5[d]), key, s5);
            s6 = TSimd.MultiplyAdd(TSimd.Broadcast(q6[d]), key, s6);
            s7 = TSimd.MultiplyAdd(TSimd.Broadcast(q7[d]), key, s7);
        }

        var scores = state.Scores;
        TSimd.Store(s0, scores + (i * KvLayout.PageTokens));
        TSimd.Store(s1, scores + (Math.Min(i + 1, last) * KvLayout.PageTokens));
        TSimd.Store(s2, scores + (Math.Min(i + 2, last) * KvLayout.PageTokens));
        TSimd.Store(s3, scores + (Math.Min(i + 3, last) * KvLayout.PageTokens));
        TSimd.Store(s4, scores + (Math.Min(i + 4, last) * KvLayout.PageTokens));
        TSimd.Store(s5, scores + (Math.Min(i + 5, last) * KvLayout.PageTokens));
        TSimd.Store(s6, scores + (Math.Min(i + 6, last) * KvLayout.PageTokens));
        TSimd.Store(s7, scores + (Math.Min(i + 7, last) * KvLayout.PageTokens));
    }

    private void Score4(in AttentionState state, int i, int last, float* keys)
    {
        var (i1, i2, i3) = (Math.Min(i + 1, last), Math.Min(i + 2, last), Math.Min(i + 3, last));
        var q0 = state.Queries[i];
        var q1 = state.Queries[i1];
        var q2 = state.Queries[i2];
        var q3 = state.Queries[i3];
        var (s0, s1, s2, s3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
        var (t0, t1, t2, t3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
        var size = Layout.HeadSize;
        for (var d = 0; d < size; d++)
        {
            var key = keys + (d * KvLayout.PageTokens);
            var (lower, upper) = (TSimd.Load(key), TSimd.Load(key + TSimd.Count));
            var (x0, x1, x2, x3) = (TSimd.Broadcast(q0[d]), TSimd.Broadcast(q1[d]), TSimd.Broadcast(q2[d]), TSimd.Broadcast(q3[d]));
            s0 = TSimd.MultiplyAdd(x0, lower, s0);
            t0 = TSimd.MultiplyAdd(x0, upper, t0);
            s1 = TSimd.MultiplyAdd(x1, lower, s1);
            t1 = TSimd.MultiplyAdd(x1, upper, t1);
            s2 = TSimd.MultiplyAdd(x2, lower, s2);
            t2 = TSimd.MultiplyAdd(x2, upper, t2);
            s3 = TSimd.MultiplyAdd(x3, lower, s3);
            t3 = TSimd.MultiplyAdd(x3, upper, t3);
        }

        Store(state.Scores + (i * KvLayout.PageTokens), s0, t0);
        Store(state.Scores + (i1 * KvLayout.PageTokens), s1, t1);
        Store(state.Scores + (i2 * KvLayout.PageTokens), s2, t2);
        Store(state.Scores + (i3 * KvLayout.PageTokens), s3, t3);
    }

    private void Score2(in AttentionState state, int i, int last, float* keys)
    {
        var other = Math.Min(i + 1, last);
        var q0 = state.Queries[i];
        var q1 = state.Queries[other];
        var (s0, s1, s2, s3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
        var (t0, t1, t2, t3) = (TSimd.Zero, TSimd.Zero, TSimd.Zero, TSimd.Zero);
        var size = Layout.HeadSize;
        for (var d = 0; d < size; d++)
        {
            var key = keys + (d * KvLayout.PageTokens);
            var (k0, k1) = (TSimd.Load(key), TSimd.Load(key + TSimd.Count));
            var (k2, k3) = (TSimd.Load(key + (2 * TSimd.Count)), TSimd.Load(key + (3 * TSimd.Count)));
            var (x, y) = (TSimd.Broadcast(q0[d]), TSimd.Broadcast(q1[d]));
            s0 = TSimd.MultiplyAdd(x, k0, s0);
            s1 = TSimd.MultiplyAdd(x, k1, s1);
            s2 = TSimd.MultiplyAdd(x, k2, s2);
            s3 = TSimd.MultiplyAdd(x, k3, s3);
            t0 = TSimd.MultiplyAdd(y, k0, t0);
            t1 = TSimd.MultiplyAdd(y, k1, t1);
            t2 = TSimd.MultiplyAdd(y, k2, t2);
            t3 = TSimd.MultiplyAdd(y, k3, t3);
        }

        var first = state.Scores + (i * KvLayout.PageTokens);
        var second = state.Scores + (other * KvLayout.PageTokens);
        Store(first, s0, s1);
        Store(first + (2 * TSimd.Count), s2, s3);
        Store(second, t0, t1);
        Store(second + (2 * TSimd.Count), t2, t3);
    }

    private static void Store(float* to, TVector first, TVector second)
    {
        TSimd.Store(first, to);
        TSimd.Store(second, to + TSimd.Count);
    }

    // Scores become weights e^(score − largest); those of tokens that are not seen 0.
    private static void Weigh(float* scores, int from, int tokens, float* largest, float* total, float* scale)
    {
        var hidden = TSimd.Broadcast(float.NegativeInfinity);
        var most = TSimd.Broadcast(*largest);
        for (var t = 0; t < KvLayout.PageTokens; t += TSimd.Count)
        {
            var seen = TSimd.Join(hidden, from - t, TSimd.Join(TSimd.Load(scores + t), tokens - t, hidden));
            TSimd.Store(seen, scores + t);
            most = TSimd.Max(most, seen);
        }

        var now = TSimd.Largest(most);
        var all = TSimd.Broadcast(now);
        for (var t = 0; t < KvLayout.PageTokens; t += TSimd.Count)
        {
            TSimd.Store(VectorExp<TSimd, TVector>.Exp(TSimd.Subtract(TSimd.Load(scores + t), all)), scores + t);
        }

        *scale = 1;
        if (now > *largest)
        {
            var decays = stackalloc float[16];
            TSimd.Store(VectorExp<TSimd, TVector>.Exp(TSimd.Broadcast(*largest - now)), decays);
            *scale = decays[0];
        }

        *total = (*total * *scale) + SixteenLanes<TSimd, TVector>.Sum(scores);
        *largest = now;
    }

    // Four queries and two vectors of the values' width at a time.
    private void Collect(in AttentionState state, int first, int count, float* values, int from, int tokens)
    {
        var last = first + count - 1;
        long width = Layout.ValueWidth;
        for (var i = first; i <= last; i += 4)
        {
            var (i1, i2, i3) = (Math.Min(i + 1, last), Math.Min(i + 2, last), Math.Min(i + 3, last));
            var w0 = state.Scores + (i * KvLayout.PageTokens);
            var w1 = state.Scores + (i1 * KvLayout.PageTokens);
            var w2 = state.Scores + (i2 * KvLayout.PageTokens);
            var w3 = state.Scores + (i3 * KvLayout.PageTokens);
            var (c0, c1) = (TSimd.Broadcast(state.Scales[i]), TSimd.Broadcast(state.Scales[i1]));
            var (c2, c3) = (TSimd.Broadcast(state.Scales[i2]), TSimd.Broadcast(state.Scales[i3]));
            for (var column = 0; column < width; column += 2 * TSimd.Count)
            {
                var y0 = state.Sums + (i * width) + column;
                var y1 = state.Sums + (i1 * width) + column;
                var y2 = state.Sums + (i2 * width) + column;
                var y3 = state.Sums + (i3 * width) + column;
                var (s0, t0) = (TSimd.Multiply(TSimd.Load(y0), c0), TSimd.Multiply(TSimd.Load(y0 + TSimd.Count), c0));
                var (s1, t1) = (TSimd.Multiply(TSimd.Load(y1), c1), TSimd.Multiply(TSimd.Load(y1 + TSimd.Count), c1));
                var (s2, t2) = (TSimd.Multiply(TSimd.Load(y2), c2), TSimd.Multiply(TSimd.Load(y2 + TSimd.Count), c2));
                var (s3, t3) = (TSimd.Multiply(TSimd.Load(y3), c3), TSimd.Multiply(TSimd.Load(y3 + TSimd.Count), c3));
                var value = values + (from * width) + column;
                for (var t = from; t < tokens; t++, value += width)
                {
                    var (lower, upper) = (TSimd.Load(value), TSimd.Load(value + TSimd.Count));
                    var (x0, x1, x2, x3) = (TSimd.Broadcast(w0[t]), TSimd.Broadcast(w1[t]), TSimd.Broadcast(w2[t]), TSimd.Broadcast(w3[t]));
                    s0 = TSimd.MultiplyAdd(x0, lower, s0);
                    t0 = TSimd.MultiplyAdd(x0, upper, t0);
                    s1 = TSimd.MultiplyAdd(x1, lower, s1);
                    t1 = TSimd.MultiplyAdd(x1, upper, t1);
                    s2 = TSimd.MultiplyAdd(x2, lower, s2);
                    t2 = TSimd.MultiplyAdd(x2, upper, t2);
                    s3 = TSimd.MultiplyAdd(x3, lower, s3);
                    t3 = TSimd.MultiplyAdd(x3, upper, t3);
                }

                Store(y0, s0, t0);
                Store(y1, s1, t1);
                Store(y2, s2, t2);
                Store(y3, s3, t3);
            }
        }
    }
}
