using O1Coder.Learning.Training;

namespace O1Coder.Learning.Tests;

/// <summary>A run that is abandoned anywhere and begun anew has, bit by bit, the losses that it would have had.</summary>
public sealed class ResumeTests
{
    public static TheoryData<TrainingMethod, double, BasePrecision, bool> Kinds => new()
    {
        { TrainingMethod.Sft, 0, BasePrecision.Float32, false },
        { TrainingMethod.Sft, 0.2, BasePrecision.BFloat16, false },
        { TrainingMethod.Dpo, 0.1, BasePrecision.Float32, true },
        { TrainingMethod.PrmSoft, 0.1, BasePrecision.Float32, false },
        { TrainingMethod.PrmPairs, 0, BasePrecision.BFloat16, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void StoppingAfterEveryStepChangesNoBit(TrainingMethod method, double dropout, BasePrecision precision, bool recompute)
    {
        var threads = recompute ? 1 : 2;
        using var whole = new TinyRun { Threads = threads };
        var expected = whole.Finish(Spec(whole, method, dropout, precision, recompute));
        for (var after = 1; after <= 3; after++)
        {
            using var cut = new TinyRun { Threads = threads };
            var spec = Spec(cut, method, dropout, precision, recompute);
            while (!Directory.Exists(cut.Output))
            {
                StopAfter(cut, spec, after);
            }

            var actual = cut.Finish(spec);
            Assert.Equal(Numbers(expected.Steps), Numbers(actual.Steps));
            Assert.Equal(expected.Outcome.AdapterVersion, actual.Outcome.AdapterVersion);
        }
    }

    [Fact]
    public void StepsAfterTheLastCheckpointAreDoneAgainAlike()
    {
        using var whole = new TinyRun();
        var expected = whole.Finish(whole.Spec(TrainingMethod.Sft));
        using var cut = new TinyRun();
        var spec = cut.Spec(TrainingMethod.Sft) with { CheckpointEvery = 2 };
        StopAfter(cut, spec, 3);
        Assert.Equal(["step-00000002"], Directory.GetDirectories(cut.Checkpoints).Select(Path.GetFileName));
        Assert.Equal(Numbers(expected.Steps), Numbers(cut.Finish(spec).Steps));
    }

    [Theory]
    [InlineData("state.json")]
    [InlineData("optimizer.safetensors")]
    [InlineData("adapter_model.safetensors")]
    public void ADamagedCheckpointGivesWayToTheOneBeforeIt(string file)
    {
        using var whole = new TinyRun();
        var expected = whole.Finish(whole.Spec(TrainingMethod.Sft));
        using var cut = new TinyRun();
        var spec = cut.Spec(TrainingMethod.Sft);
        StopAfter(cut, spec, 3);
        var damaged = Path.Combine(cut.Checkpoints, "step-00000003", file);
        File.WriteAllBytes(damaged, File.ReadAllBytes(damaged)[..^40]);
        Directory.CreateDirectory(Path.Combine(cut.Checkpoints, "step-00000009.writing-0"));
        Assert.Equal(Numbers(expected.Steps), Numbers(cut.Finish(spec).Steps));
    }

    [Fact]
    public void AnotherJobsCheckpointsAreRefusedAndStay()
    {
        using var run = new TinyRun();
        StopAfter(run, run.Spec(TrainingMethod.Sft), 2);
        var other = run.Spec(TrainingMethod.Sft, spec => spec with { LearningRate = 1e-3 });
        var failure = Assert.Throws<TrainingException>(() => run.Finish(other));
        Assert.Equal(TrainingFailure.Input, failure.Failure);
        Assert.Contains("another job", failure.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(run.Checkpoints, "step-00000002")));
    }

    private static TrainingSpec Spec(TinyRun run, TrainingMethod method, double dropout, BasePrecision precision, bool recompute)
    {
        var spec = run.Spec(method);
        return spec with { BasePrecision = precision, GradientCheckpointing = recompute, Lora = spec.Lora with { Dropout = dropout } };
    }

    /// <summary>Abandons a run, as a killed process does, once it has told of so many new steps.</summary>
    private static void StopAfter(TinyRun run, TrainingSpec spec, int steps)
    {
        var known = Directory.Exists(run.Checkpoints)
            ? Directory.GetDirectories(run.Checkpoints, "step-*").Select(folder => int.Parse(folder[^8..], null)).DefaultIfEmpty().Max()
            : 0;
        using var cancel = new CancellationTokenSource();
        try
        {
            run.Run(spec).Run(
                told =>
                {
                    if (told is TrainingStep step && step.Step == known + steps)
                    {
                        cancel.Cancel();
                    }
                },
                cancel.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.False(Directory.Exists(run.Output));
        }
    }

    private static List<(int Step, long Loss, long Norm, long Accuracy)> Numbers(IEnumerable<TrainingStep> steps) =>
    [
        .. steps.Select(step => (
            step.Step, BitConverter.DoubleToInt64Bits(step.Loss), BitConverter.DoubleToInt64Bits(step.GradientNorm),
            BitConverter.DoubleToInt64Bits(step.Accuracy))),
    ];
}
