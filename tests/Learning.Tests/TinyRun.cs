using O1Coder.Learning.Data;
using O1Coder.Learning.Training;

namespace O1Coder.Learning.Tests;

/// <summary>Runs on a tiny model with made-up tokens, in a folder of their own.</summary>
internal sealed class TinyRun : IDisposable
{
    private readonly string _model;

    public TinyRun(string model = "tiny-qwen2") => _model = model;

    public static (int Positive, int Negative) Labels => (5, 9);

    /// <summary>One where a test does not say so: threads of a busy machine wait for each other at every small product.</summary>
    public int Threads { get; init; } = 1;

    public string Folder { get; } = Directory.CreateTempSubdirectory("o1coder-run-").FullName;

    public string Output => Path.Combine(Folder, "adapter");

    public string Checkpoints => $"{Output}.checkpoints";

    public string ModelFolder => Path.Combine(Repository.Root, "tests", "Golden.Tests", "data", _model);

    public TrainingSpec Spec(TrainingMethod method, Func<OptimizerSpec, OptimizerSpec>? change = null) => new()
    {
        Method = method,
        DataPath = "tokens",
        OutputFolder = Output,
        BasePrecision = BasePrecision.Float32,
        CheckpointEvery = 1,
        Lora = new() { Rank = 4, Alpha = 8 },
        Optimizer = (change ?? (spec => spec))(new()
        {
            LearningRate = 5e-3,
            Schedule = LearningRateSchedule.Cosine,
            WarmupSteps = 1,
            Epochs = 2,
            TokensPerBatch = 64,
            Accumulation = 2,
            Seed = 7,
        }),
    };

    /// <summary>Examples of a method with rows of 8 to 23 tokens.</summary>
    public static TrainingSet Data(TrainingMethod method, int count = 12)
    {
        var random = new SplitMix64(3);
        TrainingRow Row(int scored)
        {
            var ids = new int[8 + (int)random.Below(16)];
            for (var i = 0; i < ids.Length; i++)
            {
                ids[i] = (int)random.Below(384);
            }

            return new(ids, [.. Enumerable.Range(ids.Length - 1 - scored, scored)]);
        }

        return new([.. Enumerable.Range(0, count).Select(i => method switch
        {
            TrainingMethod.Sft => new TrainingUnit($"{i}", [Row(5)], []),
            TrainingMethod.Dpo => new TrainingUnit($"{i}", [Row(5), Row(3)], []),
            TrainingMethod.PrmHard => new TrainingUnit($"{i}", [Row(3)], [i % 2, 1, 0]),
            TrainingMethod.PrmSoft => new TrainingUnit($"{i}", [Row(3)], [0.25, 0.9, i / (double)count]),
            _ => new TrainingUnit($"{i}", [Row(1), Row(1)], []),
        })], 0);
    }

    public TrainingRun Run(TrainingSpec spec, TrainingSet? data = null) =>
        new(spec, ModelFolder, Threads, data ?? Data(spec.Method), Labels);

    public (TrainingOutcome Outcome, List<TrainingStep> Steps) Finish(TrainingSpec spec, TrainingSet? data = null)
    {
        var steps = new List<TrainingStep>();
        var outcome = Run(spec, data).Run(
            told =>
            {
                if (told is TrainingStep step)
                {
                    steps.Add(step);
                }
            },
            TestContext.Current.CancellationToken);
        return (outcome, steps);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
