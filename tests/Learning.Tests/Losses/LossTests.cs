using O1Coder.Learning.Losses;
using O1Coder.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace O1Coder.Learning.Tests.Losses;

/// <summary>What the reference numbers do not reach: edges, extremes, arguments.</summary>
public sealed class LossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_sequence_in_which_nothing_counts_is_left_out_of_the_mean()
    {
        var losses = Matrix([[1, 3], [100, 100]]);
        var mask = Matrix([[1, 1], [0, 0]]);
        Assert.Equal(2, Aggregation.Aggregate(losses, mask, LossAggregation.SequenceMeanTokenMean).item<double>());
        Assert.Equal(4, Aggregation.Aggregate(losses, mask, LossAggregation.SequenceMeanTokenSum).item<double>());
        Assert.Equal(2, Aggregation.Aggregate(losses, mask, LossAggregation.TokenMean).item<double>());
    }

    [Fact]
    public void Extremes_stay_finite()
    {
        var far = Matrix([[-500, 500]]).requires_grad_();
        var loss = PolicyLoss.Ppo(Matrix([[0, 0]]), far, Matrix([[1, -1]]), Matrix([[1, 1]]), 0.2, 0.2, 3, LossAggregation.TokenMean).Loss;
        loss.backward();
        Assert.True(double.IsFinite(loss.item<double>()));
        Assert.Equal([0.0, 0.0], far.grad!.data<double>().ToArray());

        Assert.Equal([10.0, 10.0], KlPenalty.PerToken(Matrix([[-500, 500]]), Matrix([[0, 0]]), KlEstimator.K3).data<double>().ToArray());

        var logits = tensor(new[] { 1000.0, -1000.0 }, requires_grad: true);
        var point = ProcessRewardLoss.Pointwise(logits, tensor(new[] { 0.0, 0.0 }));
        point.backward();
        Assert.Equal(500, point.item<double>(), 1e-9);
        Assert.Equal([0.5, 0.0], logits.grad!.data<double>().ToArray());

        var pair = ProcessRewardLoss.Pairwise(tensor(new[] { -1000.0 }), tensor(new[] { 1000.0 }));
        Assert.Equal(2000, pair.item<double>(), 1e-9);
        Assert.Equal(200, PreferenceLoss.Compute(
            tensor(new[] { -2000.0 }), tensor(new[] { 0.0 }), tensor(new[] { 0.0 }), tensor(new[] { 0.0 }), 0.1, PreferenceLossKind.Sigmoid, 0)
            .Loss.item<double>(), 1e-9);
    }

    [Fact]
    public void A_group_of_one_keeps_its_score()
    {
        var mask = Matrix([[1, 0], [1, 1], [1, 1]]);
        var scores = tensor(new[] { 0.5, 1.0, 3.0 });
        Assert.Equal([0.5, 0, -2, -2, 2, 2], Advantage.LeaveOneOut(scores, [7, 1, 1], mask).data<double>().ToArray());
        Assert.Equal([0.5, 0, -1, -1, 1, 1], Advantage.GroupRelative(scores, [7, 1, 1], mask, false, 0).data<double>().ToArray());
    }

    [Fact]
    public void Without_whitening_advantages_are_what_returns_are_made_of()
    {
        var values = Matrix([[0.5, 0.25]]);
        var estimate = Advantage.Generalized(Matrix([[0, 1]]), values, Matrix([[1, 1]]), 0.5, 0.5, whiten: false);
        Assert.Equal([-0.375 + (0.25 * 0.75), 0.75], estimate.Advantages.data<double>().ToArray());
        Assert.Equal((estimate.Advantages + values).data<double>().ToArray(), estimate.Returns.data<double>().ToArray());
        Assert.Throws<ArgumentException>(() => Advantage.Generalized(values, values, Matrix([[1, 0]]), 1, 1, whiten: true));
    }

    [Fact]
    public void Float32_stays_float32()
    {
        var logp = Matrix([[-1, -2]]).to(ScalarType.Float32);
        var mask = ones_like(logp);
        Assert.Equal(ScalarType.Float32, PolicyLoss.Ppo(logp, logp, logp, mask, 0.2, 0.2, 3, LossAggregation.TokenMean).Loss.dtype);
        Assert.Equal(ScalarType.Float32, ImportanceWeights.Truncated(logp, logp, 2, mask).dtype);
        Assert.Equal(ScalarType.Float32, Advantage.GroupRelative(logp.sum(1), [0], mask, true, 1e-6).dtype);
        Assert.Equal(ScalarType.Float32, Advantage.Generalized(logp, logp, mask, 1, 1, true).Advantages.dtype);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        var one = Matrix([[1]]);
        var line = tensor(new[] { 1.0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => PolicyLoss.Ppo(one, one, one, one, double.NaN, 0.2, 3, LossAggregation.TokenMean));
        Assert.Throws<ArgumentOutOfRangeException>(() => PolicyLoss.Ppo(one, one, one, one, 0.2, 0.2, 1, LossAggregation.TokenMean));
        Assert.Throws<ArgumentException>(() => PolicyLoss.Ppo(one, Matrix([[1, 2]]), one, one, 0.2, 0.2, 3, LossAggregation.TokenMean));
        Assert.Throws<ArgumentOutOfRangeException>(() => PreferenceLoss.Compute(line, line, line, line, 0, PreferenceLossKind.Sigmoid, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PreferenceLoss.Compute(line, line, line, line, 0.1, PreferenceLossKind.Sigmoid, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => PreferenceLoss.Compute(line, line, line, line, 0.1, PreferenceLossKind.Ipo, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImportanceWeights.Truncated(one, one, 0, one));
        Assert.Throws<ArgumentException>(() => ProcessRewardLoss.Pointwise(line, tensor(new[] { 1.0, 2.0 })));
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Matrix(double[][] rows) =>
        tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length], dtype: ScalarType.Float64);
}
