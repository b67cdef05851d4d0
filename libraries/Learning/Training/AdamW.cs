using O1Coder.Learning.Transformer;
using static TorchSharp.torch;

namespace O1Coder.Learning.Training;

/// <summary>
/// AdamW (arXiv 1711.05101, algorithm 2) over an adapter's flat factors, in 32 bits, after clipping the gradient's norm
/// (arXiv 1211.5063). Betas 0.9 and 0.999, ε 1e-8.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private const double FirstBeta = 0.9;
    private const double SecondBeta = 0.999;
    private const double Epsilon = 1e-8;

    private readonly LoraParameters _parameters;
    private readonly double _weightDecay;

    /// <summary>Starts with empty moments.</summary>
    public AdamW(LoraParameters parameters, double weightDecay)
    {
        _parameters = parameters;
        _weightDecay = weightDecay;
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
        FirstMoment.mul_(FirstBeta).add_(gradient, 1 - FirstBeta);
        SecondMoment.mul_(SecondBeta).addcmul_(gradient, gradient, 1 - SecondBeta);
        var divisor = SecondMoment.sqrt().div_(Math.Sqrt(1 - Math.Pow(SecondBeta, step))).add_(Epsilon);
        _parameters.Values.mul_(1 - (learningRate * _weightDecay));
        _parameters.Values.addcdiv_(FirstMoment, divisor, -learningRate / (1 - Math.Pow(FirstBeta, step)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
