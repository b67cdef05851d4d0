using O1Coder.Learning.Training;

namespace O1Coder.Trainer;

/// <summary>One job: what it is, where it stands, and its steps. Safe for concurrent callers.</summary>
internal sealed class Job : IDisposable
{
    private readonly Lock _lock = new();
    private readonly JobFolder _folder;
    private List<V1.TrainingStep>? _steps;
    private V1.TrainingStep? _last;
    private StreamWriter? _writer;
    private CancellationTokenSource? _stop;
    private V1.JobState _endAs = V1.JobState.Cancelled;
    private V1.JobState _state;
    private V1.JobEnded? _ended;
    private string _activity = "";
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Takes up a job that lies on the disk.</summary>
    public Job(JobFolder folder, StoredJob stored, TrainingSpec spec)
    {
        _folder = folder;
        Description = stored.Job;
        Created = stored.Created;
        Spec = spec;
        Inputs = stored.Inputs;
        _state = stored.State;
        _ended = stored.Ended;
        _last = folder.ReadSteps().LastOrDefault();
    }

    /// <summary>The job with every default filled in.</summary>
    public V1.TrainingJob Description { get; }

    /// <summary>The same for the library.</summary>
    public TrainingSpec Spec { get; }

    /// <summary>The hash of what it reads, as it was last put among those that wait; empty where that is not known.</summary>
    public string Inputs { get; private set; }

    /// <summary>When it was taken on.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>Where it stands.</summary>
    public V1.JobState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>Whether it is done. A job whose adapter somebody has removed no longer is.</summary>
    public bool IsFinished => State == V1.JobState.Done && File.Exists(Path.Combine(Spec.OutputFolder, Models.PeftFolder.ConfigName));

    /// <summary>Whether it is to stop and has not yet.</summary>
    public bool IsStopping
    {
        get
        {
            lock (_lock)
            {
                return _state == V1.JobState.Running && _stop is { IsCancellationRequested: true };
            }
        }
    }

    /// <summary>The job as a list shows it.</summary>
    public V1.JobSummary Summary()
    {
        lock (_lock)
        {
            return new V1.JobSummary { Job = Description, State = _state, LastStep = _last, Ended = _ended };
        }
    }

    /// <summary>The job now, with its steps after one.</summary>
    public JobView View(int afterStep)
    {
        lock (_lock)
        {
            _steps ??= _folder.ReadSteps();
            return new JobView(_state, _activity, [.. _steps.Skip(afterStep)], _ended, _changed.Task);
        }
    }

    /// <summary>Puts the job among those that wait.</summary>
    /// <param name="inputs">The hash of what it reads.</param>
    /// <exception cref="IOException">That cannot be kept on the disk.</exception>
    public void Enqueue(string inputs)
    {
        lock (_lock)
        {
            _folder.WriteInputs(inputs);
            _folder.WriteState(V1.JobState.Queued, null);
            Inputs = inputs;
            (_state, _ended, _activity, _endAs) = (V1.JobState.Queued, null, "waiting", V1.JobState.Cancelled);
            Signal();
        }
    }

    /// <summary>Begins to run, unless the job no longer waits.</summary>
    /// <returns>What stops it; null where it no longer waits.</returns>
    /// <exception cref="IOException">That cannot be kept on the disk.</exception>
    public CancellationTokenSource? Start()
    {
        lock (_lock)
        {
            if (_state != V1.JobState.Queued)
            {
                return null;
            }

            _folder.WriteState(V1.JobState.Running, null);
            _stop = new CancellationTokenSource();
            (_state, _activity) = (V1.JobState.Running, "starting");
            Signal();
            return _stop;
        }
    }

    /// <summary>Says what the job is doing.</summary>
    public void Report(string activity)
    {
        lock (_lock)
        {
            _activity = activity;
            Signal();
        }
    }

    /// <summary>
    /// Adds a step. A run tells all steps of its job from 1 on, those before its checkpoint too: the first one begins the list
    /// anew, so that it holds what the adapter was made by.
    /// </summary>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public void Report(V1.TrainingStep step)
    {
        lock (_lock)
        {
            if (_writer is null)
            {
                _writer = _folder.OpenSteps();
                _steps = [];
            }

            _writer.WriteLine(JobFolder.Line(step));
            _steps!.Add(step);
            _last = step;
            _activity = "training";
            Signal();
        }
    }

    /// <summary>Asks the job to stop; one that waits has stopped at once.</summary>
    /// <param name="endAs">What it ends as.</param>
    /// <param name="message">One line for people, of one that waits.</param>
    public void Stop(V1.JobState endAs, string message)
    {
        lock (_lock)
        {
            if (_state == V1.JobState.Queued)
            {
                EndLocked(new V1.JobEnded { State = endAs, Message = message });
            }
            else if (_state == V1.JobState.Running)
            {
                _endAs = endAs;
                _stop!.Cancel();
            }
        }
    }

    /// <summary>What a run that was stopped ends as.</summary>
    public V1.JobState StoppedState
    {
        get
        {
            lock (_lock)
            {
                return _endAs;
            }
        }
    }

    /// <summary>Ends the job.</summary>
    public void End(V1.JobEnded ended)
    {
        lock (_lock)
        {
            EndLocked(ended);
        }
    }

    /// <summary>Takes a job that has ended off the disk; its name is free again.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be deleted.</exception>
    public void Forget() => _folder.Delete();

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            CloseRun();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void EndLocked(V1.JobEnded ended)
    {
        CloseRun();
        try
        {
            _folder.WriteState(ended.State, ended);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The state on the disk stays "running", which the next start takes for interrupted: the job can go on then.
            ended.Message = $"{ended.Message}{(ended.Message.Length > 0 ? "; " : "")}that could not be kept: {exception.Message}";
        }

        (_state, _ended, _activity) = (ended.State, ended, "");
        Signal();
    }

    private void CloseRun()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (IOException)
        {
            // What is lost of the steps is told again when the job goes on.
        }

        _writer = null;
        _stop?.Dispose();
        _stop = null;
    }

    private void Signal()
    {
        var signal = _changed;
        _changed = NewSignal();
        signal.SetResult();
    }
}
