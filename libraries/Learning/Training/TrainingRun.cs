namespace O1Coder.Learning.Training;

/// <summary>
/// One training job, from its data set to its adapter. Blocking: everything happens on the caller's thread and, inside
/// products, on the threads that were given; an object serves one call of <see cref="Run"/>.
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

    /// <summary>Takes a job on; nothing is read yet.</summary>
    /// <param name="spec">What to do.</param>
    /// <param name="modelFolder">The base model's folder: GGUF or Hugging Face.</param>
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

    /// <summary>
    /// Checks a specification's numbers and names, without touching a file.
    /// </summary>
    /// <returns>One line that names field, value and what was expected; null where all is well.</returns>
    public static string? Check(TrainingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return null;
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
        cancellationToken.ThrowIfCancellationRequested();
        throw new TrainingException(TrainingFailure.Internal, $"{_spec.Method} on {_modelFolder} with {_threads} threads: not built yet");
    }
}
