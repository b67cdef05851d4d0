using O1Coder.Learning.Training;
using O1Coder.Models;
using TorchSharp;

namespace O1Coder.Learning.Tests;

public sealed class TrainingRunTests
{
    public static TheoryData<TrainingMethod> Methods => [.. Enum.GetValues<TrainingMethod>()];

    [Theory]
    [MemberData(nameof(Methods))]
    public void EveryMethodLowersItsLossAndLeavesAnAdapterThatCanBeRead(TrainingMethod method)
    {
        using var run = new TinyRun();
        var (outcome, steps) = run.Finish(run.Spec(method, spec => spec with { Epochs = 6, Schedule = LearningRateSchedule.Constant }));
        Assert.Equal(6, outcome.EpochLosses.Count);
        Assert.True(outcome.EpochLosses[^1] < outcome.EpochLosses[0], string.Join(", ", outcome.EpochLosses));
        Assert.Equal(Enumerable.Range(1, steps.Count), steps.Select(step => step.Step));
        Assert.All(steps, step => Assert.Equal(steps.Count, step.Steps));
        Assert.Equal(12, outcome.Rows);
        Assert.Equal(6L * TinyRun.Data(method).Units.Sum(unit => unit.Tokens), outcome.Tokens);

        using var weights = HuggingFaceFolder.Open(run.ModelFolder);
        var adapter = PeftFolder.Read(outcome.AdapterFolder, weights.Description);
        Assert.Equal(outcome.AdapterVersion, adapter.Version);
        Assert.Contains(adapter.Matrices.Values, pair => pair.B.Any(value => value != 0));
        Assert.True(File.Exists(Path.Combine(outcome.AdapterFolder, "training.json")));
        Assert.False(Directory.Exists(run.Checkpoints));
    }

    [Fact]
    public void PreferencesStartAtTheLossOfAMarginOfZero()
    {
        // The reference is the policy as it starts, whatever adapter that is.
        using var run = new TinyRun();
        var spec = run.Spec(TrainingMethod.Dpo) with { StartAdapter = Path.Combine(run.ModelFolder, "adapter") };
        var (_, steps) = run.Finish(spec);
        Assert.Equal(Math.Log(2), steps[0].Loss, tolerance: 1e-6);
    }

    [Theory]
    [InlineData(BasePrecision.Float32)]
    [InlineData(BasePrecision.BFloat16)]
    public void AMeanIsOverTheWholeStepHoweverItIsDividedIntoPasses(BasePrecision precision)
    {
        var losses = new List<(double Loss, double Norm)>();
        foreach (var (tokens, accumulation) in new[] { (64, 64), (4096, 1) })
        {
            using var run = new TinyRun();
            var spec = run.Spec(TrainingMethod.Sft, spec => spec with { TokensPerBatch = tokens, Accumulation = accumulation, Epochs = 1 });
            var step = Assert.Single(run.Finish(spec with { BasePrecision = precision }).Steps);
            losses.Add((step.Loss, step.GradientNorm));
        }

        Assert.Equal(losses[0].Loss, losses[1].Loss, tolerance: 1e-4);
        Assert.Equal(losses[0].Norm, losses[1].Norm, tolerance: 1e-2);
    }

    [Fact]
    public void AFinishedJobAnswersAgainWithoutTraining()
    {
        using var run = new TinyRun();
        var spec = run.Spec(TrainingMethod.Sft);
        var first = run.Finish(spec);
        var written = File.GetLastWriteTimeUtc(Path.Combine(run.Output, PeftFolder.WeightsName));
        var second = run.Finish(spec);
        Assert.Equal(first.Steps, second.Steps);
        Assert.Equal(first.Outcome.AdapterVersion, second.Outcome.AdapterVersion);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(run.Output, PeftFolder.WeightsName)));
    }

    [Fact]
    public void NothingIsKeptAfterARun()
    {
        using var run = new TinyRun();
        run.Finish(run.Spec(TrainingMethod.Dpo) with { OutputFolder = Path.Combine(run.Folder, "first") });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var during = 0L;
        var spec = run.Spec(TrainingMethod.Dpo) with { OutputFolder = Path.Combine(run.Folder, "second") };
        run.Run(spec).Run(
            _ => during = Math.Max(during, DisposeScopeManager.Statistics.ThreadTotalLiveCount), TestContext.Current.CancellationToken);
        Assert.True(during > before);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData("reading the data")]
    [InlineData("loading the model")]
    [InlineData("reference log-probabilities 0 of 12")]
    [InlineData("training")]
    public void CancellingBeforeTheFirstStepLosesNothing(string activity)
    {
        using var whole = new TinyRun();
        var expected = whole.Finish(whole.Spec(TrainingMethod.Dpo)).Outcome.AdapterVersion;
        using var run = new TinyRun();
        using var cancel = new CancellationTokenSource();
        var told = new List<TrainingEvent>();
        void Report(TrainingEvent happened)
        {
            told.Add(happened);
            if (happened is TrainingActivity doing && doing.Text == activity)
            {
                cancel.Cancel();
            }
        }

        Assert.ThrowsAny<OperationCanceledException>(() => run.Run(run.Spec(TrainingMethod.Dpo)).Run(Report, cancel.Token));
        Assert.Equal(activity, Assert.IsType<TrainingActivity>(told[^1]).Text);
        Assert.False(Directory.Exists(run.Output));

        // The reference is computed once: a run that has it goes on from there.
        told.Clear();
        Assert.Equal(expected, run.Run(run.Spec(TrainingMethod.Dpo)).Run(told.Add, TestContext.Current.CancellationToken).AdapterVersion);
        Assert.Equal(
            activity != "training",
            told.OfType<TrainingActivity>().Any(doing => doing.Text.StartsWith("reference", StringComparison.Ordinal)));
    }

    [Fact]
    public void CancellingKeepsTheCheckpoint()
    {
        using var run = new TinyRun();
        using var cancel = new CancellationTokenSource();
        var told = 0;
        void Report(TrainingEvent happened)
        {
            if (happened is TrainingStep { Step: 2 })
            {
                cancel.Cancel();
            }

            told += happened is TrainingStep ? 1 : 0;
        }

        Assert.ThrowsAny<OperationCanceledException>(() => run.Run(run.Spec(TrainingMethod.Sft)).Run(Report, cancel.Token));
        Assert.Equal(2, told);
        Assert.True(Directory.Exists(Path.Combine(run.Checkpoints, "step-00000002")));
        Assert.False(Directory.Exists(run.Output));
    }
}
