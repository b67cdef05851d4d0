using static TorchSharp.torch;

namespace O1Coder.Learning.Losses;

/// <summary>Checks that tensors fit together.</summary>
internal static class Shapes
{
    /// <summary>All must be matrices of one shape.</summary>
    public static void RequireMatrices(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            Require(tensor.dim() == 2 && tensor.shape.SequenceEqual(tensors[0].shape), "matrices of one shape, [sequences, tokens]", tensors);
        }
    }

    /// <summary>All must be vectors of one length, at least 1.</summary>
    public static void RequireVectors(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            Require(
                tensor.dim() == 1 && tensor.shape[0] > 0 && tensor.shape[0] == tensors[0].shape[0], "vectors of one length, at least 1", tensors);
        }
    }

    private static void Require(bool holds, string expected, ReadOnlySpan<Tensor> tensors)
    {
        if (!holds)
        {
            var shapes = string.Join(", ", tensors.ToArray().Select(tensor => $"[{string.Join(", ", tensor.shape)}]"));
            throw new ArgumentException($"shapes are {shapes}: expected {expected}");
        }
    }
}
