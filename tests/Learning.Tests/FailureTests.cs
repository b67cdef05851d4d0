using O1Coder.Learning.Training;
using O1Coder.Models;

namespace O1Coder.Learning.Tests;

/// <summary>Each failure has its kind and one line, and costs nothing that was there.</summary>
public sealed class FailureTests
{
    [Fact]
    public void ALossThatIsNoNumberStopsTheRun()
    {
        using var run = new TinyRun();
        var broken = Path.Combine(run.Folder, "broken");
        Directory.CreateDirectory(broken);
        File.Copy(Path.Combine(run.ModelFolder, "config.json"), Path.Combine(broken, "config.json"));
        using (var file = SafetensorsFile.Open(Path.Combine(run.ModelFolder, "model.safetensors")))
        {
            SafetensorsWriter.Write(Path.Combine(broken, "model.safetensors"), file.Tensors.Values.Select(tensor =>
            {
                var elements = tensor.ToFloats();
                elements[0] = tensor.Name == "model.norm.weight" ? float.NaN : elements[0];
                return (tensor.Name, tensor.Shape.ToArray(), elements);
            }));
        }

        var training = new TrainingRun(run.Spec(TrainingMethod.Sft), broken, 1, TinyRun.Data(TrainingMethod.Sft));
        var failure = Assert.Throws<TrainingException>(() => training.Run(_ => { }, TestContext.Current.CancellationToken));
        Assert.Equal(TrainingFailure.NotFinite, failure.Failure);
        Assert.Equal("step 1: the loss is NaN: expected a finite number", failure.Message);
        Assert.Empty(failure.LastCheckpoint);
        Assert.False(Directory.Exists(run.Output));
    }

    [Fact]
    public void AnExplodingGradientLeavesTheLastGoodCheckpoint()
    {
        using var calm = new TinyRun();
        OptimizerSpec Wild(OptimizerSpec spec) => spec with { LearningRate = 1, Schedule = LearningRateSchedule.Constant, WarmupSteps = 0, Epochs = 4 };
        var norms = calm.Finish(calm.Spec(TrainingMethod.Sft, Wild)).Steps.Select(step => step.GradientNorm).ToList();
        var limit = norms[0] * 1.5;
        var bad = norms.FindIndex(norm => norm > limit);
        Assert.True(bad > 0, string.Join(", ", norms));

        using var run = new TinyRun();
        var failure = Assert.Throws<TrainingException>(() => run.Finish(
            run.Spec(TrainingMethod.Sft, spec => Wild(spec) with { ExplodingGradientNorm = limit })));
        Assert.Equal(TrainingFailure.ExplodingGradient, failure.Failure);
        Assert.StartsWith($"step {bad + 1}: the gradient's norm is", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Path.Combine(run.Checkpoints, $"step-{bad:d8}"), failure.LastCheckpoint);
        using var weights = HuggingFaceFolder.Open(run.ModelFolder);
        Assert.Equal(4, PeftFolder.Read(failure.LastCheckpoint, weights.Description).Rank);
    }

    [Fact]
    public void ACheckpointThatCannotBeWrittenLeavesTheOneBeforeItAndTheRunGoesOnLater()
    {
        using var whole = new TinyRun();
        var expected = whole.Finish(whole.Spec(TrainingMethod.Sft));
        using var run = new TinyRun();
        var spec = run.Spec(TrainingMethod.Sft);
        var obstacle = Path.Combine(run.Checkpoints, "step-00000002");
        var failure = Assert.Throws<TrainingException>(() => run.Run(spec).Run(
            told =>
            {
                if (told is TrainingStep { Step: 2 })
                {
                    // A file where the folder is to be.
                    File.WriteAllText(obstacle, "");
                }
            },
            TestContext.Current.CancellationToken));
        Assert.Equal(TrainingFailure.Storage, failure.Failure);
        Assert.Equal(Path.Combine(run.Checkpoints, "step-00000001"), failure.LastCheckpoint);
        Assert.Equal(
            ["step-00000001", "step-00000002"], Directory.GetFileSystemEntries(run.Checkpoints).Select(Path.GetFileName).Order());
        File.Delete(obstacle);
        Assert.Equal(expected.Outcome.AdapterVersion, run.Finish(spec).Outcome.AdapterVersion);
    }

    [Fact]
    public void AnOutputThatCannotBeWrittenIsAStorageFailure()
    {
        using var run = new TinyRun();
        var file = Path.Combine(run.Folder, "file");
        File.WriteAllText(file, "mine");
        var failure = Assert.Throws<TrainingException>(() => run.Finish(
            run.Spec(TrainingMethod.Sft) with { OutputFolder = Path.Combine(file, "adapter") }));
        Assert.Equal(TrainingFailure.Storage, failure.Failure);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void AFolderThatHoldsSomethingElseIsNotTouched()
    {
        using var run = new TinyRun();
        Directory.CreateDirectory(run.Output);
        File.WriteAllText(Path.Combine(run.Output, "notes.txt"), "mine");
        var failure = Assert.Throws<TrainingException>(() => run.Finish(run.Spec(TrainingMethod.Sft)));
        Assert.Equal(TrainingFailure.Input, failure.Failure);
        Assert.Contains(run.Output, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["notes.txt"], Directory.GetFiles(run.Output).Select(Path.GetFileName));
    }

    [Fact]
    public void AnAdapterOfAnotherModelIsRefused()
    {
        using var run = new TinyRun();
        using var golden = new GoldenModel("tiny-qwen2");
        var foreign = Path.Combine(run.Folder, "foreign");
        var adapter = golden.Adapter();
        PeftFolder.Write(foreign, new(adapter.Rank, 8, false, adapter.Matrices.ToDictionary(
            entry => entry.Key, entry => new LoraMatrices([.. entry.Value.A, .. entry.Value.A], entry.Value.B))), "other");
        var failure = Assert.Throws<TrainingException>(() => run.Finish(run.Spec(TrainingMethod.Sft) with { StartAdapter = foreign }));
        Assert.Equal(TrainingFailure.Input, failure.Failure);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void EveryFieldOfASpecificationIsChecked()
    {
        using var run = new TinyRun();
        var good = run.Spec(TrainingMethod.Dpo);
        Assert.Null(TrainingRun.Check(good));
        (string Field, TrainingSpec Spec)[] bad =
        [
            ("method", good with { Method = (TrainingMethod)9 }),
            ("data_path", good with { DataPath = "" }),
            ("output_folder", good with { OutputFolder = "" }),
            ("checkpoint_every", good with { CheckpointEvery = 0 }),
            ("lora.rank", good with { Lora = good.Lora with { Rank = 0 } }),
            ("lora.rank", good with { Lora = good.Lora with { Rank = 65 } }),
            ("lora.alpha", good with { Lora = good.Lora with { Alpha = double.NaN } }),
            ("lora.dropout", good with { Lora = good.Lora with { Dropout = 1 } }),
            ("lora.targets", good with { Lora = good.Lora with { Targets = ["q_proj", "q_proj"] } }),
            ("optimizer.learning_rate", good with { Optimizer = good.Optimizer with { LearningRate = double.NaN } }),
            ("optimizer.weight_decay", good with { Optimizer = good.Optimizer with { WeightDecay = -1 } }),
            ("optimizer.max_gradient_norm", good with { Optimizer = good.Optimizer with { MaxGradientNorm = 0 } }),
            ("optimizer.exploding_gradient_norm", good with { Optimizer = good.Optimizer with { ExplodingGradientNorm = double.PositiveInfinity } }),
            ("optimizer.epochs", good with { Optimizer = good.Optimizer with { Epochs = 0 } }),
            ("optimizer.tokens_per_batch", good with { Optimizer = good.Optimizer with { TokensPerBatch = 63 } }),
            ("dpo.beta", good with { Dpo = good.Dpo with { Beta = 0 } }),
            ("dpo.label_smoothing", good with { Dpo = good.Dpo with { LabelSmoothing = 0.5 } }),
            ("prm.negative", good with { Prm = good.Prm with { Negative = good.Prm.Positive } }),
        ];
        Assert.All(bad, one => Assert.StartsWith($"{one.Field} is ", TrainingRun.Check(one.Spec), StringComparison.Ordinal));
    }
}
