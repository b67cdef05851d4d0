using O1Coder.Learning.Training;
using O1Coder.Learning.Transformer;
using O1Coder.Learning.Verification;
using static TorchSharp.torch;

namespace O1Coder.Learning.Tests.Verification;

public sealed class TraceOptimizerTests
{
    [Fact]
    public void EveryNumberIsRead()
    {
        Assert.Equal(
            new TraceOptimizer(5e-3, 0.9, 0.999, 1e-8, 0.01, 1),
            TraceOptimizer.Parse("AdamW lr 5e-3 betas 0.9,0.999 eps 1e-8 weight_decay 0.01, gradient norm clipped at 1.0"));
        Assert.Equal(
            new TraceOptimizer(0.0002, 0.8, 0.95, 1e-6, 0, 0.25),
            TraceOptimizer.Parse("AdamW lr 0.0002, betas (0.8, 0.95), eps 1e-06, weight_decay 0, gradient norm clipped at .25."));
        Assert.Equal(
            double.PositiveInfinity, TraceOptimizer.Parse("AdamW lr 1e-3 betas 0.9,0.95 eps 1e-8 weight_decay 0.1").MaxGradientNorm);
    }

    [Theory]
    [InlineData("SGD lr 5e-3 betas 0.9,0.999 eps 1e-8 weight_decay 0.01")]
    [InlineData("AdamW lr 5e-3 eps 1e-8 weight_decay 0.01")]
    [InlineData("AdamW lr 5e-3 betas 0.9,1.0 eps 1e-8 weight_decay 0.01")]
    [InlineData("AdamW lr 5e-3 betas 0.9,0.999 eps 1e-8 weight_decay 0.01, amsgrad")]
    public void WhatIsNotKnownIsRefused(string text) =>
        Assert.StartsWith($"optimizer is '{text}': expected 'AdamW lr X", Assert.Throws<FormatException>(() => TraceOptimizer.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void BetasAndEpsilonCount()
    {
        using var golden = new GoldenModel("tiny-qwen2");
        using var parameters = new LoraParameters(golden.Weights.Description, golden.Adapter(), ScalarType.Float32, trainable: true);
        using var mover = new AdamW(parameters, 0.1, 0.8, 0.95, 0.01);
        double weight = LoraParameters.Elements(parameters.Values)[3], first = 0, second = 0;
        for (var step = 1; step <= 3; step++)
        {
            var gradient = 0.01 * step;
            LoraParameters.Elements(parameters.Gradient).Fill((float)gradient);
            mover.Move(step, 0.05, mover.GradientNorm(), double.PositiveInfinity);

            first = (0.8 * first) + (0.2 * gradient);
            second = (0.95 * second) + (0.05 * gradient * gradient);
            var corrected = Math.Sqrt(second / (1 - Math.Pow(0.95, step))) + 0.01;
            weight = (weight * (1 - (0.05 * 0.1))) - (0.05 * first / (1 - Math.Pow(0.8, step)) / corrected);
            Assert.Equal(weight, LoraParameters.Elements(parameters.Values)[3], tolerance: 1e-6);
        }
    }
}
