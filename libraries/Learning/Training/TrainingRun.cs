using System.Runtime.InteropServices;
using O1Coder.Learning.Checkpoints;
using O1Coder.Learning.Data;
using O1Coder.Learning.Native;
using O1Coder.Learning.Transformer;
using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Training;

/// <summary>
/// One training job, from its data set to its adapter. Blocking: everything happens on the caller's thread and, inside
/// products, on the threads that were given.
/// </summary>
/// <remarks>
/// A job that was stopped, by whatever, goes on from its last checkpoint when a new object with the same specification is
/// run, with the losses that it would have had, bit by bit, provided that the number of threads is the same.
/// </remarks>
public sealed class TrainingRun
{
    private readonly TrainingSpec _spec;
    private readonly string _modelFolder;
    private readonly int _threads;
    private readonly Func<BaseModel, (TrainingSet Data, (int Positive, int Negative) Labels)>? _data;

    /// <summary>Takes a job on; nothing is read yet.</summary>
    /// <param name="spec">What to do.</param>
    /// <param name="modelFolder">The base model's folder: GGUF, or Hugging Face's (which is not known to read text with yet).</param>
    /// <param name="threads">Threads that compute, at least 1. libtorch has one such setting for the whole process.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public TrainingRun(TrainingSpec spec, string modelFolder, int threads)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentException.ThrowIfNullOrEmpty(modelFolder);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _spec = spec;
        _modelFolder = modelFolder;
        _threads = threads;
    }

    /// <summary>Takes a job on whose data is tokens already.</summary>
    internal TrainingRun(TrainingSpec spec, string modelFolder, int threads, TrainingSet data, (int Positive, int Negative) labels = default)
        : this(spec, modelFolder, threads) => _data = _ => (data, labels);

    private string CheckpointFolder => $"{Path.TrimEndingDirectorySeparator(_spec.OutputFolder)}.checkpoints";

    /// <summary>
    /// Checks a specification's numbers and names, without touching a file.
    /// </summary>
    /// <returns>One line that names field (as in the .proto file), value and what was expected; null where all is well.</returns>
    public static string? Check(TrainingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return SpecCheck.Find(spec);
    }

    /// <summary>
    /// Trains from the last checkpoint, or from the beginning where there is none, to the end. Steps that a checkpoint
    /// remembers are reported again first, so that a listener sees every step of the job from 1 on, in order; a job that
    /// has already ended reports them all and answers with what it left.
    /// </summary>
    /// <param name="report">Told what happens, on this thread; must not block for long.</param>
    /// <param name="cancellationToken">Stops the run within a second; the last checkpoint stays.</param>
    /// <exception cref="TrainingException">The run failed; checkpoints and whatever else was there stay as they were.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingOutcome Run(Action<TrainingEvent> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (Check(_spec) is { } problem)
        {
            throw new TrainingException(TrainingFailure.Input, problem);
        }

        CheckpointStore? store = null;
        try
        {
            NativeTorch.Load();
            set_num_threads(_threads);
            report(new TrainingActivity("reading the data"));
            using var model = BaseModel.Open(_modelFolder, cancellationToken);
            var (data, labels) = _data?.Invoke(model) ?? Read(model, cancellationToken);
            var start = ReadStart(model.Weights.Description);
            var precision = ProductPrecision.Choose(_spec.BasePrecision);
            var dataHash = data.Hash();
            var fingerprint = RunFingerprint.Of(_spec, model.Hash, dataHash, start?.Version ?? "", precision);
            store = new(CheckpointFolder, fingerprint, model.Weights.Description);
            if (Finished(fingerprint) is { } finished)
            {
                finished.Steps.ToList().ForEach(report);
                store.Delete();
                return finished.Outcome;
            }

            FinishedRun Describe(TrainingOutcome result, IReadOnlyList<TrainingStep> steps) =>
                new(fingerprint, model.Id, model.Hash, dataHash, _spec, result, steps);
            var outcome = Train(model, data, labels, start, precision, store, Describe, report, cancellationToken);
            store.Delete();
            return outcome;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or TrainingException))
        {
            throw Explain(exception, store?.Last ?? "");
        }
        finally
        {
            NativeTorch.ReleaseMemory();
        }
    }

    private static TrainingException Explain(Exception exception, string lastCheckpoint)
    {
        var message = exception.Message.Split('\n')[0].TrimEnd();
        var failure = exception switch
        {
            ModelFormatException or FormatException or CheckpointMismatchException => TrainingFailure.Input,
            OutOfMemoryException => TrainingFailure.Memory,
            // libtorch's allocator: "DefaultCPUAllocator: can't allocate memory: you tried to allocate … bytes".
            ExternalException when exception.Message.Contains("allocate", StringComparison.Ordinal) => TrainingFailure.Memory,
            IOException or UnauthorizedAccessException => TrainingFailure.Storage,
            _ => TrainingFailure.Internal,
        };
        return new(failure, message, lastCheckpoint, exception);
    }

    private (TrainingSet Data, (int Positive, int Negative) Labels) Read(BaseModel model, CancellationToken cancellationToken)
    {
        var needsLabels = _spec.Method is TrainingMethod.PrmHard or TrainingMethod.PrmSoft or TrainingMethod.PrmPairs;
        (int, int) labels = needsLabels
            ? (TrainingSetReader.LabelToken(model, "prm.positive", _spec.Prm.Positive),
                TrainingSetReader.LabelToken(model, "prm.negative", _spec.Prm.Negative))
            : default;
        return (TrainingSetReader.Read(_spec, model, cancellationToken), labels);
    }

    private LoraAdapter? ReadStart(ModelDescription model)
    {
        if (_spec.StartAdapter.Length == 0)
        {
            return null;
        }

        var adapter = PeftFolder.Read(_spec.StartAdapter, model);
        return adapter.Matrices.Count == adapter.Targets.Count * model.Layers
            ? adapter
            : throw new TrainingException(
                TrainingFailure.Input, $"start_adapter is {_spec.StartAdapter}: it adapts some layers only: expected all {model.Layers}");
    }

    private FinishedRun? Finished(string fingerprint)
    {
        var folder = _spec.OutputFolder;
        DurableFolder.DeleteUnfinished(folder);
        if (File.Exists(folder))
        {
            throw new TrainingException(TrainingFailure.Input, $"output_folder is {folder}, a file: expected a folder");
        }

        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            return null;
        }

        return FinishedRun.Read(folder) is { } finished && finished.Fingerprint == fingerprint
            ? finished with { Outcome = finished.Outcome with { AdapterFolder = folder } }
            : throw new TrainingException(
                TrainingFailure.Input, $"output_folder is {folder}, which holds something else: expected an empty or new folder");
    }

    private TrainingOutcome Train(
        BaseModel model, TrainingSet data, (int Positive, int Negative) labels, LoraAdapter? start, ProductPrecision precision,
        CheckpointStore store, Func<TrainingOutcome, IReadOnlyList<TrainingStep>, FinishedRun> describe, Action<TrainingEvent> report,
        CancellationToken cancellationToken)
    {
        var checkpoint = store.Load();
        var margins = _spec.Method == TrainingMethod.Dpo ? store.LoadReference() : null;
        var needsReference = _spec.Method == TrainingMethod.Dpo && margins is null;
        var first = start ?? NewAdapter.Make(model.Weights.Description, _spec.Lora, _spec.Optimizer.Seed);

        // The reference policy is the adapter as it starts: one without effect where it is new.
        var adapter = checkpoint is null || needsReference ? first : checkpoint.Adapter;
        report(new TrainingActivity("loading the model"));
        using var transformer = new LoraTransformer(
            model.Weights, adapter, trainable: true, precision, labels, cancellationToken: cancellationToken);
        if (needsReference)
        {
            margins = ReferenceMargins(transformer, data, report, cancellationToken);
            SaveReference(store, margins);
            if (checkpoint is not null)
            {
                transformer.Lora!.Take(checkpoint.Adapter);
                transformer.AdapterMoved();
            }
        }

        checkpoint?.State.Steps.ToList().ForEach(report);
        using var loop = new TrainingLoop(_spec, data, transformer, store, checkpoint, model.Id);
        report(new TrainingActivity("training"));
        loop.Run(Objective(margins), report, cancellationToken);
        report(new TrainingActivity("writing the adapter"));
        return Write(transformer.Lora!.ToAdapter(), loop, data, model.Id, store, describe);
    }

    private IObjective Objective(double[]? margins) => _spec.Method switch
    {
        TrainingMethod.Sft => new CompletionObjective(),
        TrainingMethod.Dpo => new PreferenceObjective(_spec.Dpo, margins!),
        TrainingMethod.PrmPairs => new StepPairObjective(),
        _ => new StepLabelObjective(),
    };

    private double[] ReferenceMargins(
        LoraTransformer model, TrainingSet data, Action<TrainingEvent> report, CancellationToken cancellationToken)
    {
        var margins = new double[data.Units.Count];
        var done = 0;
        foreach (var batch in BatchPlan.InOrder([.. data.Units.Select(unit => unit.Tokens)], _spec.Optimizer.TokensPerBatch))
        {
            report(new TrainingActivity($"reference log-probabilities {done} of {margins.Length}"));
            var rows = new PackedRows([.. batch.SelectMany(unit => data.Units[unit].Rows).Select(row => (row.Ids, row.Places))]);
            var scores = model.Score(rows, ScoreKind.NextToken, cancellationToken);
            var place = 0;
            foreach (var unit in batch)
            {
                margins[unit] = PreferenceObjective.Margin(data.Units[unit], scores.AsSpan(place));
                place += data.Units[unit].Rows.Sum(row => row.Places.Length);
            }

            done += batch.Count;
        }

        return margins;
    }

    private static void SaveReference(CheckpointStore store, double[] margins)
    {
        try
        {
            store.SaveReference(margins);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(
                TrainingFailure.Storage, $"the reference log-probabilities cannot be written: {exception.Message}", store.Last, exception);
        }
    }

    private TrainingOutcome Write(
        LoraAdapter adapter, TrainingLoop loop, TrainingSet data, string baseModel, CheckpointStore store,
        Func<TrainingOutcome, IReadOnlyList<TrainingStep>, FinishedRun> describe)
    {
        try
        {
            TrainingOutcome? outcome = null;
            DurableFolder.Write(_spec.OutputFolder, folder =>
            {
                outcome = new()
                {
                    AdapterFolder = _spec.OutputFolder,
                    AdapterVersion = PeftFolder.Write(folder, adapter, baseModel).Version,
                    EpochLosses = loop.EpochLosses(),
                    Rows = data.Units.Count,
                    SkippedRows = data.Skipped,
                    Tokens = loop.Tokens,
                    Seconds = loop.Seconds,
                };
                DurableFolder.WriteFile(Path.Combine(folder, FinishedRun.FileName), describe(outcome, loop.Steps).ToBytes());
            });
            return outcome!;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(
                TrainingFailure.Storage, $"the adapter cannot be written to {_spec.OutputFolder}: {exception.Message}", store.Last, exception);
        }
    }
}
