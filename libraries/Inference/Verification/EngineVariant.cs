using O1Coder.Inference.Cpu;

namespace O1Coder.Inference.Verification;

/// <summary>One way to run a model here.</summary>
/// <param name="Backend">What computes.</param>
/// <param name="Path">The instructions of our own kernels; null on ONNX Runtime.</param>
/// <param name="Precision">How exactly activations enter products with quantised weights.</param>
internal sealed record EngineVariant(EngineBackend Backend, KernelPath? Path, Precision Precision)
{
    /// <summary>All that this machine can run: the exact ones first, of our own kernels the best first.</summary>
    public static IReadOnlyList<EngineVariant> Runnable { get; } =
    [
        .. new[] { Precision.Exact, Precision.Fast }.SelectMany(precision => KernelPaths.Runnable.Reverse()
            .Select(path => new EngineVariant(EngineBackend.Cpu, path, precision))
            .Append(new EngineVariant(EngineBackend.Onnx, null, precision))),
    ];

    /// <summary><c>fast</c> or <c>exact</c>.</summary>
    public string Accuracy => EngineWords.Describe(Precision);
}
