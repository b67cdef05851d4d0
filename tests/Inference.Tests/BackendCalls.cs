using System.Runtime.CompilerServices;
using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Tests;

/// <summary>Steps of one kind, as tests of a back end like to write them.</summary>
internal static class BackendCalls
{
    private static readonly ConditionalWeakTable<KvSequence, StrongBox<int>> s_rows = [];

    [ThreadStatic]
    private static StepPart[]? s_parts;

    /// <summary>Extends a prompt and returns the logits after some of its new tokens, [rows, vocabulary].</summary>
    public static ReadOnlySpan<float> Prefill(
        this IBackend backend, KvSequence sequence, ReadOnlySpan<int> tokens, ReadOnlySpan<int> logitRows) =>
        backend.Step([new StepPart(sequence, 0, tokens.Length)], tokens, logitRows);

    /// <summary>Extends forked sequences by a token each. <see cref="Logits"/> then has what comes after it.</summary>
    public static void Decode(this IBackend backend, ReadOnlySpan<KvSequence> batch, ReadOnlySpan<int> tokens)
    {
        var parts = s_parts ??= new StepPart[64];
        Span<int> rows = stackalloc int[batch.Length];
        for (var i = 0; i < batch.Length; i++)
        {
            parts[i] = new StepPart(batch[i], i, 1);
            rows[i] = i;
            s_rows.GetOrCreateValue(batch[i]).Value = i;
        }

        backend.Step(parts.AsSpan(0, batch.Length), tokens, rows);
    }

    /// <summary>The logits that the last <see cref="Decode"/> left for a sequence.</summary>
    public static ReadOnlySpan<float> Logits(this IBackend backend, KvSequence sequence) =>
        backend.Logits(s_rows.TryGetValue(sequence, out var row) ? row.Value : throw new InvalidOperationException("it was not decoded"));
}
