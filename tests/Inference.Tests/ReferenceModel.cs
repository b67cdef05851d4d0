using System.Numerics.Tensors;
using O1Coder.Models;

namespace O1Coder.Inference.Tests;

/// <summary>
/// A decoder of qwen2 and llama written plainly in doubles, from the papers alone: with an adapter, W + scale · B · A takes
/// W's place. What the engine is compared with; it shares no code with it.
/// </summary>
internal sealed class ReferenceModel(IWeights weights, LoraAdapter? adapter)
{
    private readonly ModelDescription _model = weights.Description;

    /// <summary>log p(token | tokens[..t + 1]) for each t and token: [tokens][vocabulary].</summary>
    public double[][] LogProbabilities(ReadOnlySpan<int> tokens)
    {
        var final = HiddenStates(tokens);
        var logits = Multiply(final, _model.TiedEmbedding ? "model.embed_tokens.weight" : "lm_head.weight", _model.VocabularySize, null);
        return [.. logits.Select(row =>
        {
            var largest = row.Max();
            var sum = largest + Math.Log(row.Sum(logit => Math.Exp(logit - largest)));
            return row.Select(logit => logit - sum).ToArray();
        })];
    }

    /// <summary>The residual after the final norm: [tokens][hidden].</summary>
    public double[][] HiddenStates(ReadOnlySpan<int> tokens)
    {
        var residual = new double[tokens.Length][];
        for (var t = 0; t < tokens.Length; t++)
        {
            var row = new float[_model.HiddenSize];
            weights.ReadRows("model.embed_tokens.weight", tokens[t], row);
            residual[t] = [.. row.Select(value => (double)value)];
        }

        for (var layer = 0; layer < _model.Layers; layer++)
        {
            var block = $"model.layers.{layer}";
            var normed = Norm(residual, $"{block}.input_layernorm.weight");
            var (queries, keys) = (Project(normed, layer, Projection.Query), Project(normed, layer, Projection.Key));
            if (_model.QueryKeyNorm)
            {
                queries = NormHeads(queries, $"{block}.self_attn.q_norm.weight");
                keys = NormHeads(keys, $"{block}.self_attn.k_norm.weight");
            }

            var attended = Attend(queries, keys, Project(normed, layer, Projection.Value));
            Add(residual, Project(attended, layer, Projection.Output));
            normed = Norm(residual, $"{block}.post_attention_layernorm.weight");
            var gate = Project(normed, layer, Projection.Gate);
            var up = Project(normed, layer, Projection.Up);
            var inner = gate.Zip(up, (g, u) => g.Zip(u, (x, y) => x / (1 + Math.Exp(-x)) * y).ToArray()).ToArray();
            Add(residual, Project(inner, layer, Projection.Down));
        }

        return Norm(residual, "model.norm.weight");
    }

    private double[][] NormHeads(double[][] rows, string name) =>
        [.. rows.Select(row => Norm([.. row.Chunk(_model.HeadSize)], name).SelectMany(head => head).ToArray())];

    private double[][] Norm(double[][] rows, string name)
    {
        var weight = weights.Read(name);
        return [.. rows.Select(row =>
        {
            var factor = 1 / Math.Sqrt((row.Sum(x => x * x) / row.Length) + _model.RmsEpsilon);
            return row.Select((x, i) => x * factor * weight[i]).ToArray();
        })];
    }

    // The heads of queries share those of keys and values in groups; each position sees itself and what is before it.
    private double[][] Attend(double[][] queries, double[][] keys, double[][] values)
    {
        var size = _model.HeadSize;
        var group = _model.Heads / _model.KeyValueHeads;
        Rotate(queries, _model.Heads);
        Rotate(keys, _model.KeyValueHeads);
        var attended = new double[queries.Length][];
        for (var t = 0; t < queries.Length; t++)
        {
            attended[t] = new double[_model.Heads * size];
            for (var head = 0; head < _model.Heads; head++)
            {
                var at = head / group * size;
                var scores = new double[t + 1];
                for (var s = 0; s <= t; s++)
                {
                    scores[s] = t - s >= _model.SlidingWindow ? double.NegativeInfinity : TensorPrimitives.Dot<double>(queries[t].AsSpan(head * size, size), keys[s].AsSpan(at, size)) / Math.Sqrt(size);
                }

                var largest = scores.Max();
                var sum = scores.Sum(score => Math.Exp(score - largest));
                for (var s = 0; s <= t; s++)
                {
                    var share = Math.Exp(scores[s] - largest) / sum;
                    for (var i = 0; i < size; i++)
                    {
                        attended[t][(head * size) + i] += share * values[s][at + i];
                    }
                }
            }
        }

        return attended;
    }

    // Pairs (i, i + size / 2) of each head turn by position · θ^(−2i / size).
    private void Rotate(double[][] rows, int heads)
    {
        var half = _model.HeadSize / 2;
        for (var t = 0; t < rows.Length; t++)
        {
            for (var head = 0; head < heads; head++)
            {
                for (var i = 0; i < half; i++)
                {
                    var (sine, cosine) = Math.SinCos(t * Frequency(i));
                    ref var x = ref rows[t][(head * _model.HeadSize) + i];
                    ref var y = ref rows[t][(head * _model.HeadSize) + half + i];
                    (x, y) = ((x * cosine) - (y * sine), (y * cosine) + (x * sine));
                }
            }
        }
    }

    // Stretched as Llama 3.1's model card describes: by the length of the wave, long ones by the whole factor, short ones not.
    private double Frequency(int i)
    {
        var frequency = Math.Pow(_model.RopeBase, -2.0 * i / _model.HeadSize);
        if (_model.RopeScaling is not { } scaling)
        {
            return frequency / (_model.RopeFrequencyFactors?[i] ?? 1);
        }

        var length = 2 * Math.PI / frequency;
        var (longest, shortest) = (scaling.OriginalContextLength / scaling.LowFrequencyFactor, scaling.OriginalContextLength / scaling.HighFrequencyFactor);
        if (length <= shortest || length >= longest)
        {
            return length <= shortest ? frequency : frequency / scaling.Factor;
        }

        var share = ((scaling.OriginalContextLength / length) - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return frequency * (share + ((1 - share) / scaling.Factor));
    }

    private double[][] Project(double[][] rows, int layer, Projection projection)
    {
        var name = $"model.layers.{layer}.{projection.ModulePath()}";
        var product = Multiply(rows, $"{name}.weight", _model.OutputSize(projection),
            adapter?.Matrices.GetValueOrDefault(new LoraKey(layer, projection)));
        if (_model.QkvBias && projection is Projection.Query or Projection.Key or Projection.Value)
        {
            var bias = weights.Read($"{name}.bias");
            foreach (var row in product)
            {
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += bias[i];
                }
            }
        }

        return product;
    }

    private double[][] Multiply(double[][] rows, string name, int outer, LoraMatrices? lora)
    {
        var inner = rows[0].Length;
        var product = rows.Select(_ => new double[outer]).ToArray();
        var (rank, scale) = lora is null ? (0, 0.0) : (adapter!.Rank, (double)adapter.Scale);
        double[] a = [.. (lora?.A ?? []).Select(value => (double)value)];
        Parallel.For(0, outer, o =>
        {
            var read = new float[inner];
            weights.ReadRows(name, o, read);
            var merged = new double[inner];
            TensorPrimitives.ConvertTruncating<float, double>(read, merged);
            for (var r = 0; r < rank; r++)
            {
                TensorPrimitives.MultiplyAdd<double>(a.AsSpan(r * inner, inner), scale * lora!.B[(o * rank) + r], merged, merged);
            }

            for (var t = 0; t < rows.Length; t++)
            {
                product[t][o] = TensorPrimitives.Dot<double>(merged, rows[t]);
            }
        });
        return product;
    }

    private static void Add(double[][] rows, double[][] others)
    {
        foreach (var (row, other) in rows.Zip(others))
        {
            TensorPrimitives.Add<double>(row, other, row);
        }
    }
}
