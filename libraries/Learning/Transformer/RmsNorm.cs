using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>y = w · x / √(mean(x²) + ε) over the last dimension (arXiv 1910.07467), in 32 bits.</summary>
internal sealed class RmsNorm(Tensor weight, double epsilon) : IDisposable
{
    private readonly Tensor _weight = weight.DetachFromDisposeScope();

    /// <summary>Reads the weight.</summary>
    public static RmsNorm Load(IWeights weights, string name) =>
        new(tensor(weights.Read(name)), weights.Description.RmsEpsilon);

    /// <summary>[rows, hidden] → the same.</summary>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.mul(Inverse(x)).mul_(_weight).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of x from that of y.</summary>
    public Tensor Backward(Tensor x, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var inverse = Inverse(x);
        var normal = x.mul(inverse);
        var weighted = gradient.mul(_weight);
        var mean = weighted.mul(normal).mean([-1], true);
        return weighted.sub_(normal.mul_(mean)).mul_(inverse).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _weight.Dispose();

    private Tensor Inverse(Tensor x) => x.square().mean([-1], true).add_(epsilon).rsqrt_();
}
