using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>
/// The rotary embedding (arXiv 2104.09864) in the half-split form of Hugging Face's models: elements i and i + d/2 of a
/// head turn by position · frequency i. Angles are computed in 64 bits, turned in 32.
/// </summary>
internal sealed class Rotary : IDisposable
{
    private readonly Tensor _cosine;
    private readonly Tensor _sine;

    /// <summary>The angles of a pack's positions.</summary>
    public Rotary(ModelDescription model, long[] positions)
    {
        using var scope = NewDisposeScope();
        var angles = outer(tensor(positions, ScalarType.Float64), tensor(model.RopeFrequencies()));
        _cosine = cat([angles.cos(), angles.cos()], 1).to(ScalarType.Float32).unsqueeze(1).DetachFromDisposeScope();
        _sine = cat([angles.sin().neg(), angles.sin()], 1).to(ScalarType.Float32).unsqueeze(1).DetachFromDisposeScope();
    }

    /// <summary>Turns [tokens, heads, head size].</summary>
    public Tensor Turn(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.mul(_cosine).add_(Swap(x).mul_(_sine)).MoveToOuterDisposeScope();
    }

    /// <summary>Turns back: the transpose, which carries gradients.</summary>
    public Tensor TurnBack(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        return gradient.mul(_cosine).sub_(Swap(gradient).mul_(_sine)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cosine.Dispose();
        _sine.Dispose();
    }

    private static Tensor Swap(Tensor x)
    {
        var half = x.size(2) / 2;
        return cat([x.narrow(2, half, half), x.narrow(2, 0, half)], 2);
    }
}
