using O1Coder.Learning.Transformer;
using static TorchSharp.torch;

namespace O1Coder.Learning.Training;

/// <summary>
/// AdamW (arXiv 1711.05101, algorithm 2) over an adapter's flat factors, in 32 bits, after clipping the gradient's norm
/// (arXiv 1211.5063).
/// </summary>
internal sealed class AdamW : IDisposable
{
    private readonly LoraParameters _parameters;
    private readonly double _weightDecay;
    private readonly double _firstBeta;
    private readonly double _secondBeta;
    private readonly double _epsilon;

    /// <summary>Starts with empty moments.</summary>
    /// <param name="parameters">What moves.</param>
    /// <param name="weightDecay">Decoupled weight decay.</param>
    /// <param name="firstBeta">β₁.</param>
    /// <param name="secondBeta">β₂.</param>
    /// <param name="epsilon">ε.</param>
    public AdamW(LoraParameters parameters, double weightDecay, double firstBeta = 0.9, double secondBeta = 0.999, double epsilon = 1e-8)
    {
        _parameters = parameters;
        _weightDecay = weightDecay;
        _firstBeta = firstBeta;
        _secondBeta = secondBeta;
        _epsilon = epsilon;
        FirstMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = zeros_like(parameters.Values).DetachFromDisposeScope();
    }

    /// <summary>The gradient's running mean, [elements].</summary>
    public Tensor FirstMoment { get; }

    /// <summary>The squared gradient's running mean, [elements].</summary>
    public Tensor SecondMoment { get; }

    /// <summary>The gradient's norm, summed in 64 bits.</summary>
    public double GradientNorm()
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        return Math.Sqrt(_parameters.Gradient.square().sum(ScalarType.Float64).item<double>());
    }

    /// <summary>Moves the factors.</summary>
    /// <param name="step">The step's number, from 1.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="norm">The gradient's norm.</param>
    /// <param name="mostNorm">What a longer gradient is shortened to.</param>
    public void Move(int step, double learningRate, double norm, double mostNorm)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var gradient = _parameters.Gradient;

        // As PyTorch's clip_grad_norm_ does.
        gradient.mul_(Math.Min(1, mostNorm / (norm + 1e-6)));
        FirstMoment.mul_(_firstBeta).add_(gradient, 1 - _firstBeta);
        SecondMoment.mul_(_secondBeta).addcmul_(gradient, gradient, 1 - _secondBeta);
        var divisor = SecondMoment.sqrt().div_(Math.Sqrt(1 - Math.Pow(_secondBeta, step))).add_(_epsilon);
        _parameters.Values.mul_(1 - (learningRate * _weightDecay));
        _parameters.Values.addcdiv_(FirstMoment, divisor, -learningRate / (1 - Math.Pow(_firstBeta, step)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
