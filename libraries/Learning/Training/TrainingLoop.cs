using System.Diagnostics;
using O1Coder.Learning.Checkpoints;
using O1Coder.Learning.Data;
using O1Coder.Learning.Transformer;

namespace O1Coder.Learning.Training;

/// <summary>The steps of a run, from where its last checkpoint stood.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly TrainingSpec _spec;
    private readonly TrainingSet _data;
    private readonly LoraTransformer _model;
    private readonly CheckpointStore _store;
    private readonly string _baseModel;
    private readonly BatchPlan _plan;
    private readonly AdamW _optimizer;
    private readonly List<TrainingStep> _steps = [];
    private double _earlierSeconds;

    /// <summary>Takes a run on.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="data">The data.</param>
    /// <param name="model">The model with the adapter as it starts, or as the checkpoint has it.</param>
    /// <param name="store">Where checkpoints go.</param>
    /// <param name="checkpoint">Where to go on; null for the beginning.</param>
    /// <param name="baseModel">The base model's name.</param>
    public TrainingLoop(
        TrainingSpec spec, TrainingSet data, LoraTransformer model, CheckpointStore store, Checkpoint? checkpoint, string baseModel)
    {
        _spec = spec;
        _data = data;
        _model = model;
        _store = store;
        _baseModel = baseModel;
        _plan = new(
            [.. data.Units.Select(unit => unit.Tokens)], spec.Optimizer.TokensPerBatch, spec.Optimizer.Accumulation,
            spec.Optimizer.Epochs, spec.Optimizer.MaxSteps, spec.Optimizer.Seed);
        _optimizer = new(model.Lora!, spec.Optimizer.WeightDecay);
        if (checkpoint is not null)
        {
            checkpoint.FirstMoment.CopyTo(LoraParameters.Elements(_optimizer.FirstMoment));
            checkpoint.SecondMoment.CopyTo(LoraParameters.Elements(_optimizer.SecondMoment));
            _steps.AddRange(checkpoint.State.Steps);
            _earlierSeconds = checkpoint.State.Seconds;
            Tokens = checkpoint.State.Tokens;
        }
    }

    /// <summary>All steps so far.</summary>
    public IReadOnlyList<TrainingStep> Steps => _steps;

    /// <summary>Tokens so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>Seconds of training so far.</summary>
    public double Seconds => _earlierSeconds;

    /// <summary>The mean loss of each epoch so far.</summary>
    public IReadOnlyList<double> EpochLosses() =>
    [
        .. _steps.GroupBy(step => step.Epoch).OrderBy(epoch => epoch.Key)
            .Select(epoch => epoch.Sum(step => step.Loss * step.Counted) / epoch.Sum(step => (double)step.Counted)),
    ];

    /// <summary>Trains to the end.</summary>
    /// <exception cref="TrainingException">A loss or gradient is not finite, or exploded, or a checkpoint cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Run(IObjective objective, Action<TrainingEvent> report, CancellationToken cancellationToken)
    {
        var firstSteps = _steps.Count;
        var clock = Stopwatch.StartNew();
        var before = _earlierSeconds;
        for (var index = firstSteps; index < _plan.Steps; index++)
        {
            var stepClock = Stopwatch.StartNew();
            var step = Step(index, objective, cancellationToken);
            _earlierSeconds = before + clock.Elapsed.TotalSeconds;
            Tokens += step.Tokens;
            var perStep = clock.Elapsed.TotalSeconds / (index + 1 - firstSteps);
            step = step with
            {
                Seconds = _earlierSeconds,
                TokensPerSecond = step.Tokens / stepClock.Elapsed.TotalSeconds,
                SecondsLeft = perStep * (_plan.Steps - index - 1),
            };
            _steps.Add(step);
            report(step);
            if (step.Step % _spec.CheckpointEvery == 0 || step.Step == _plan.Steps)
            {
                Save();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _optimizer.Dispose();

    private TrainingStep Step(int index, IObjective objective, CancellationToken cancellationToken)
    {
        var batches = _plan.Batches(index).Select(batch => batch.Select(place => (Index: place, Unit: _data.Units[place])).ToList()).ToList();
        var counted = batches.Sum(batch => batch.Sum(unit => objective.Count(unit.Unit)));
        var (loss, met) = (0.0, 0);
        _model.Lora!.Gradient.zero_().Dispose();
        for (var i = 0; i < batches.Count; i++)
        {
            var batch = batches[i];
            var rows = new PackedRows([.. batch.SelectMany(unit => unit.Unit.Rows).Select(row => (row.Ids, row.Places))]);
            double[] Slopes(float[] scores)
            {
                var slopes = new double[scores.Length];
                var result = objective.Evaluate(batch, scores, slopes);
                (loss, met) = (loss + result.Sum, met + result.Met);
                RequireFinite("loss", result.Sum, index);
                return Array.ConvertAll(slopes, slope => slope / counted);
            }

            _model.Accumulate(rows, objective.Scores, Slopes, Dropout(index, i), _spec.GradientCheckpointing, cancellationToken);
        }

        var norm = _optimizer.GradientNorm();
        RequireFinite("gradient's norm", norm, index);
        if (norm > _spec.Optimizer.ExplodingGradientNorm)
        {
            throw Failed(
                TrainingFailure.ExplodingGradient,
                FormattableString.Invariant($"step {index + 1}: the gradient's norm is {norm:g4}: expected at most {_spec.Optimizer.ExplodingGradientNorm:g4}"));
        }

        var rate = LearningRate.At(_spec.Optimizer, index + 1, _plan.Steps);
        _optimizer.Move(index + 1, rate, norm, _spec.Optimizer.MaxGradientNorm);
        _model.AdapterMoved();
        return new()
        {
            Step = index + 1,
            Steps = _plan.Steps,
            Epoch = _plan.Epoch(index) + 1,
            Loss = loss / counted,
            Counted = counted,
            GradientNorm = norm,
            LearningRate = rate,
            Tokens = batches.Sum(batch => batch.Sum(unit => unit.Unit.Tokens)),
            TokensPerSecond = 0,
            Seconds = 0,
            SecondsLeft = 0,
            Accuracy = objective is CompletionObjective ? 0 : (double)met / counted,
        };
    }

    private DropoutMasks? Dropout(int step, int batch) => _spec.Lora.Dropout > 0
        ? new(_spec.Lora.Dropout, _spec.Optimizer.Seed, ((long)step * _spec.Optimizer.Accumulation) + batch)
        : null;

    private void Save()
    {
        try
        {
            var state = new CheckpointState("", _steps, Tokens, _earlierSeconds, "", "");
            _store.Save(
                new(
                    state, _model.Lora!.ToAdapter(), LoraParameters.Elements(_optimizer.FirstMoment).ToArray(),
                    LoraParameters.Elements(_optimizer.SecondMoment).ToArray()),
                _baseModel);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(
                TrainingFailure.Storage, $"the checkpoint of step {_steps.Count} cannot be written: {exception.Message}", _store.Last, exception);
        }
    }

    private void RequireFinite(string what, double value, int index)
    {
        if (!double.IsFinite(value))
        {
            throw Failed(TrainingFailure.NotFinite, $"step {index + 1}: the {what} is {value}: expected a finite number");
        }
    }

    private TrainingException Failed(TrainingFailure failure, string message) => new(failure, message, _store.Last);
}
