using System.Numerics;
using O1Coder.Inference.Cpu;

namespace O1Coder.Inference.Sampling;

/// <summary>
/// Draws tokens from logits: logit bias, repetition penalty, constraint; then temperature, top-k, top-p over what top-k
/// left (nucleus sampling, Holtzman et al. 2020, arXiv 1904.09751), min-p (Nguyen et al. 2024, arXiv 2407.01082). That is
/// the order of Hugging Face's generate; docs/sampling.md says why. Keeps its buffers, so drawing allocates
/// nothing; one thread uses it.
/// </summary>
internal sealed class Sampler(int vocabulary)
{
    // The first guess at where the tail begins: tokens less likely than e^-8 of the best are looked at only when the
    // rest does not fill k or p.
    private const double FirstCut = 8;

    // Passes over the vocabulary go by chunks that stay in the first-level cache.
    private const int Chunk = 2048;

    // Of the likeliest tokens, so many are told at most.
    private const int MostLikeliest = 20;

    private readonly RowKernels _kernels = RowKernels.For(KernelPaths.Best);
    private readonly float[] _chunk = new float[Chunk];
    private readonly float[] _weights = new float[vocabulary];
    private readonly float[] _changed = new float[vocabulary];
    private readonly float[] _sums = new float[(vocabulary + Chunk - 1) / Chunk];
    private readonly int[] _tokens = new int[vocabulary];
    private readonly TokenLogProbability[] _likeliest = new TokenLogProbability[Math.Min(MostLikeliest, vocabulary)];
    private int _told;

    /// <summary>The likeliest tokens at the position that was drawn from last, if they were asked for; valid until the next draw.</summary>
    public ReadOnlySpan<TokenLogProbability> Likeliest => _likeliest.AsSpan(0, _told);

    /// <summary>log Σ exp(logits), with the largest logit returned too.</summary>
    /// <exception cref="InvalidDataException">The logits hold no number.</exception>
    public float LogSumExp(ReadOnlySpan<float> logits, out float largest)
    {
        largest = Largest(logits);
        var sum = 0.0;
        for (var start = 0; start < vocabulary; start += Chunk)
        {
            sum += Exponentials(logits, start, largest, 1, _chunk);
        }

        // Where a logit is no number, the sum is none.
        if (!float.IsFinite(largest) || double.IsNaN(sum))
        {
            throw new InvalidDataException($"the model gave a logit of {(float.IsFinite(largest) ? float.NaN : largest)}: expected a finite number");
        }

        return largest + (float)Math.Log(sum);
    }

    /// <summary>Draws a token.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="options">How.</param>
    /// <param name="random">Gives one number a draw, none when greedy.</param>
    /// <param name="changes">What is done to the logits first.</param>
    /// <exception cref="InvalidDataException">The logits hold no number.</exception>
    public DrawnToken Draw(
        ReadOnlySpan<float> logits, SamplingOptions options, ref RandomStream random, LogitChanges changes = default)
    {
        var logSum = LogSumExp(logits, out var largest);
        _told = Math.Min(options.TopLogProbabilities, _likeliest.Length);
        if (_told > 0)
        {
            LikeliestTokens.Find(logits, logSum, _likeliest.AsSpan(0, _told));
        }

        var open = logits;
        if (!changes.AreNone)
        {
            logits.CopyTo(_changed);
            changes.Apply(_changed, options.RepetitionPenalty);
            open = _changed;
            largest = Largest(open);
            if (float.IsNegativeInfinity(largest))
            {
                return new DrawnToken(DrawnToken.NoToken, 0, 0);
            }
        }

        if (options.Temperature == 0)
        {
            // The first of equal ones, so the lowest id.
            var best = open.IndexOf(largest);
            return new DrawnToken(best, 0, logits[best] - logSum);
        }

        var total = Weigh(open, largest, options.Temperature);
        var cut = (options.TopK > 0 && options.TopK < vocabulary) || options.TopP < 1;
        var token = cut ? DrawFromBest(options, total, random.NextDouble(), out var mass)
            : options.MinP > 0 ? DrawFromLikely(options.MinP, random.NextDouble(), out mass)
            : DrawFromAll(random.NextDouble() * (mass = total));
        var weight = (double)_weights[token];
        return new DrawnToken(token, (float)Math.Min(0, Math.Log(weight / mass)), logits[token] - logSum);
    }

    // Fills in e^((logit - largest) / temperature) and the chunks' sums, and returns the sum of all.
    private double Weigh(ReadOnlySpan<float> logits, float largest, float temperature)
    {
        // Of the smallest temperatures the inverse is infinite, and the largest logit's weight would be no number.
        var factor = Math.Min(1 / temperature, float.MaxValue);
        var total = 0.0;
        for (var start = 0; start < vocabulary; start += Chunk)
        {
            total += _sums[start / Chunk] = Exponentials(logits, start, largest, factor, _weights.AsSpan(start));
        }

        return total;
    }

    private unsafe float Exponentials(ReadOnlySpan<float> logits, int start, float largest, float factor, Span<float> to)
    {
        fixed (float* from = logits, y = to)
        {
            return _kernels.Exp(from + start, Math.Min(Chunk, vocabulary - start), largest, factor, y);
        }
    }

    private unsafe float Largest(ReadOnlySpan<float> logits)
    {
        fixed (float* from = logits)
        {
            return _kernels.Largest(from, vocabulary);
        }
    }

    // Inverse transform in the order of ids; the chunks' sums lead near the place.
    private int DrawFromAll(double target)
    {
        var chunk = 0;
        while (chunk < _sums.Length - 1 && target >= _sums[chunk])
        {
            target -= _sums[chunk++];
        }

        // Rounding can leave a rest at the end: then it is the last token that can be drawn at all.
        var last = -1;
        for (var token = chunk * Chunk; token < vocabulary; token++)
        {
            if (_weights[token] > 0)
            {
                last = token;
                target -= _weights[token];
                if (target < 0)
                {
                    break;
                }
            }
        }

        return last >= 0 ? last : _weights.AsSpan().IndexOf(1f);
    }

    // Inverse transform in the order of ids among the tokens that are at least so likely, the likeliest being 1.
    private int DrawFromLikely(float least, double uniform, out double mass)
    {
        // Above() asks for more than its threshold.
        var size = Above(MathF.BitDecrement(least), out mass);
        var target = uniform * mass;
        for (var i = 0; i < size - 1; i++)
        {
            target -= _weights[_tokens[i]];
            if (target < 0)
            {
                return _tokens[i];
            }
        }

        return _tokens[size - 1];
    }

    // Inverse transform among the likeliest tokens that fill k, p or min-p, the likeliest first.
    private int DrawFromBest(SamplingOptions options, double total, double uniform, out double mass)
    {
        var k = options.TopK > 0 ? Math.Min(options.TopK, vocabulary) : vocabulary;
        var wanted = k == vocabulary ? options.TopP * total : double.PositiveInfinity;
        var tokens = _tokens.AsSpan(0, Candidates(k, k == vocabulary ? wanted : 0));
        tokens = tokens[..TokenSelection.Likeliest(tokens, _weights, k, wanted, out mass)];

        // With top-k, p counts against what k leaves; without, against everything.
        if (k < vocabulary && options.TopP < 1)
        {
            tokens = tokens[..TokenSelection.Likeliest(tokens, _weights, k, options.TopP * mass, out mass)];
        }

        if (options.MinP > 0)
        {
            tokens = tokens[..TokenSelection.AtLeast(tokens, _weights, options.MinP, out mass)];
        }

        // Enough tokens that their weights reach the place; the last one of them crosses it.
        return tokens[TokenSelection.Likeliest(tokens, _weights, vocabulary, uniform * mass, out _) - 1];
    }

    // Collects the tokens above a threshold that leaves at least `count` of them and at least `mass`, by their ids.
    private int Candidates(int count, double mass)
    {
        for (var cut = FirstCut; ; cut *= 2)
        {
            // From e^-87 on weights are 0: then everything that is above.
            var threshold = cut < 80 ? (float)Math.Exp(-cut) : 0f;
            var size = Above(threshold, out var found);
            if (threshold == 0 || (size >= count && count < vocabulary) || (count == vocabulary && found >= mass))
            {
                return size;
            }
        }
    }

    private int Above(float threshold, out double mass)
    {
        var size = 0;
        var width = Vector<float>.Count;
        var bound = new Vector<float>(threshold);
        mass = 0;
        for (var start = 0; start < vocabulary; start += width)
        {
            var end = Math.Min(start + width, vocabulary);
            if (end - start == width && !Vector.GreaterThanAny(new Vector<float>(_weights, start), bound))
            {
                continue;
            }

            for (var token = start; token < end; token++)
            {
                if (_weights[token] > threshold)
                {
                    _tokens[size++] = token;
                    mass += _weights[token];
                }
            }
        }

        return size;
    }

}
