using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using O1Coder.Models;

namespace O1Coder.Benchmarks;

/// <summary>
/// What the machine gives at best (Williams et al. 2009, the roofline model): bytes read from memory and multiply-adds of 8-bit
/// integers a second, all threads together, and what a token needs of each.
/// </summary>
internal static unsafe class Rooflines
{
    // Beyond all caches.
    private const long BytesOfAThread = 512L << 20;

    private const int Samples = 7;
    private static readonly string[] s_matrices =
        ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"];


    /// <summary>Bytes a second that threads read, each its own memory from end to end; the best of several.</summary>
    public static double ReadBandwidth(int threads)
    {
        var buffers = Enumerable.Range(0, threads).Select(_ => (nint)NativeMemory.AlignedAlloc((nuint)BytesOfAThread, 64)).ToArray();
        try
        {
            // Pages exist once they have been written.
            Together(threads, thread => NativeMemory.Fill((void*)buffers[thread], (nuint)BytesOfAThread, 1));
            var best = Best(threads, thread => Sum((byte*)buffers[thread], BytesOfAThread));
            return threads * BytesOfAThread / best;
        }
        finally
        {
            foreach (var buffer in buffers)
            {
                NativeMemory.AlignedFree((void*)buffer);
            }
        }
    }

    /// <summary>
    /// Multiply-adds of 8-bit integers a second that threads reach in registers, and with which instructions: the best of those
    /// that .NET has for this processor.
    /// </summary>
    public static (double Rate, string Instructions) MultiplyAdds(int threads) => MultiplyAddPeak.Kinds
        .Select(kind => (Rate: threads * kind.Count / Best(threads, _ => GC.KeepAlive(kind.Run())), kind.Instructions))
        .MaxBy(measured => measured.Rate);

    /// <summary>Bytes of weights that a token reads: every matrix once; of the embedding a row, unless it is the head too.</summary>
    public static long WeightBytes(IWeights weights) => Matrices(weights).Sum(matrix =>
    {
        var type = weights.StoredType(matrix);
        return Elements(weights, matrix) / type.BlockLength() * type.BlockBytes();
    });

    /// <summary>Multiply-adds of a prompt's token: every matrix but the head, which only the last token passes, and attention.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="length">Tokens of the prompt.</param>
    public static double MultiplyAddsOfPrefill(IWeights weights, int length)
    {
        var model = weights.Description;
        var products = Matrices(weights).SkipLast(1).Sum(matrix => Elements(weights, matrix));
        return products + ((double)model.Layers * model.Heads * model.HeadSize * (length + 1));
    }

    // The head is the last.
    private static IEnumerable<string> Matrices(IWeights weights) =>
    [
        .. from layer in Enumerable.Range(0, weights.Description.Layers)
           from matrix in s_matrices
           select $"model.layers.{layer}.{matrix}.weight",
        weights.Description.TiedEmbedding ? "model.embed_tokens.weight" : "lm_head.weight",
    ];

    private static long Elements(IWeights weights, string matrix) => weights.Shape(matrix).Aggregate(1L, (product, size) => product * size);

    // Seconds of the best sample.
    private static double Best(int threads, Action<int> body) => Enumerable.Range(0, Samples).Min(_ =>
    {
        var begun = Stopwatch.GetTimestamp();
        Together(threads, body);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    });

    private static void Together(int threads, Action<int> body)
    {
        var others = Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => body(thread))).ToArray();
        Array.ForEach(others, thread => thread.Start());
        body(0);
        Array.ForEach(others, thread => thread.Join());
    }

    private static void Sum(byte* from, long bytes)
    {
        var (a, b, c, d) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        for (var end = from + bytes; from < end; from += 256)
        {
            a += Vector512.Load((int*)from);
            b += Vector512.Load((int*)(from + 64));
            c += Vector512.Load((int*)(from + 128));
            d += Vector512.Load((int*)(from + 192));
        }

        GC.KeepAlive(Vector512.Sum((a + b) + (c + d)));
    }
}
