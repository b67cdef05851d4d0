using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Tests.Onnx;

/// <summary>Has a back end compute log-probabilities in every way that the engine does.</summary>
internal static class BackendReader
{
    /// <summary>
    /// log p(token | tokens[..t + 1]) for each t and token: prefilled in uneven chunks, forked, and the rest decoded beside a
    /// second fork that goes another way.
    /// </summary>
    public static double[][] LogProbabilities(IBackend backend, BackendAdapter? adapter, int[] tokens, int prefilled)
    {
        var rows = new List<double[]>();
        var prompt = backend.Open(adapter);
        foreach (var chunk in tokens[..prefilled].Chunk(23))
        {
            var logits = backend.Prefill(prompt, chunk, [.. Enumerable.Range(0, chunk.Length)]);
            for (var i = 0; i < chunk.Length; i++)
            {
                rows.Add(Normalised(logits.Slice(i * backend.VocabularySize, backend.VocabularySize)));
            }
        }

        var (fork, other) = (backend.Fork(prompt), backend.Fork(prompt));
        backend.Close(prompt);
        foreach (var token in tokens[prefilled..])
        {
            backend.Decode([other, fork], [backend.VocabularySize - 1 - token, token]);
            rows.Add(Normalised(backend.Logits(fork)));
        }

        backend.Close(other);
        backend.Close(fork);
        return [.. rows];
    }

    /// <summary>The largest and the mean |Δ|.</summary>
    public static (double Largest, double Mean) Difference(double[][] left, double[][] right)
    {
        Assert.Equal(left.Length, right.Length);
        var all = left.Zip(right).SelectMany(rows => rows.First.Zip(rows.Second, (x, y) => Math.Abs(x - y))).ToArray();
        return (all.Max(), all.Average());
    }

    private static double[] Normalised(ReadOnlySpan<float> logits)
    {
        var row = logits.ToArray().Select(logit => (double)logit).ToArray();
        var largest = row.Max();
        var sum = largest + Math.Log(row.Sum(logit => Math.Exp(logit - largest)));
        return [.. row.Select(logit => logit - sum)];
    }
}
