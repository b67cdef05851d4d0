using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Options;
using O1Coder.Learning.Training;

namespace O1Coder.Trainer;

/// <summary>
/// All jobs that this service knows, and the loop that runs them one after the other, each on a thread of its own. Jobs are
/// kept on the disk: what ran or waited when the service ended is taken up as interrupted.
/// </summary>
internal sealed class JobQueue(
    ITrainer trainer, IOptions<TrainerOptions> options, TimeProvider clock, ILogger<JobQueue> logger) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly Channel<Job> _waiting = Channel.CreateUnbounded<Job>(new UnboundedChannelOptions { SingleReader = true });
    private bool _stopping;

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Recover();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _stopping = true;
            foreach (var job in _jobs.Values)
            {
                job.Stop(V1.JobState.Interrupted, "the service ended before the job began: submit it again");
            }
        }

        await base.StopAsync(cancellationToken);
    }

    /// <summary>Takes a job on, or goes on with one that is known.</summary>
    /// <param name="id">The job's name; empty for a new one.</param>
    /// <param name="spec">What to do; all that can be checked beforehand has been.</param>
    /// <param name="cancellationToken">Ends the wait for a run of the same job that is about to stop.</param>
    /// <exception cref="RpcException">
    /// AlreadyExists: the name is another job's, or what it reads has changed. InvalidArgument: the output folder is taken.
    /// FailedPrecondition: the job cannot be kept. Unavailable: the service is ending.
    /// </exception>
    public async Task<(V1.TrainingJob Job, V1.JobState State)> SubmitAsync(string id, TrainingSpec spec, CancellationToken cancellationToken)
    {
        var name = id.Length > 0 ? id : NewId(spec.Method);
        var description = JobMessages.Job(name, spec);
        var inputs = await JobInputs.HashAsync(spec, cancellationToken);
        while (true)
        {
            Job? job;
            lock (_lock)
            {
                if (_stopping)
                {
                    throw new RpcException(new Status(StatusCode.Unavailable, "the service is ending: submit the job again"));
                }

                job = _jobs.GetValueOrDefault(name);
                if (job is null)
                {
                    job = Create(name, description, spec, inputs);
                    return (job.Description, job.State);
                }

                RequireEqual(job.Description, description);
                if (!job.IsStopping)
                {
                    GoOn(job, inputs);
                    return (job.Description, job.State);
                }
            }

            await WaitForEndAsync(job, cancellationToken);
        }
    }

    /// <summary>Whether a job has ended well, so that submitting it again needs neither data nor model.</summary>
    public bool IsFinished(string id, TrainingSpec spec)
    {
        lock (_lock)
        {
            return _jobs.TryGetValue(id, out var job) && IsFinished(job) && job.Description.Equals(JobMessages.Job(id, spec));
        }
    }

    /// <summary>A job.</summary>
    /// <exception cref="RpcException">NotFound.</exception>
    public Job Find(string id)
    {
        lock (_lock)
        {
            return _jobs.GetValueOrDefault(id) ?? throw new RpcException(new Status(StatusCode.NotFound, $"job_id is '{id}': no such job"));
        }
    }

    /// <summary>Stops a job and waits until it has.</summary>
    /// <returns>Where it stands then.</returns>
    /// <exception cref="RpcException">NotFound.</exception>
    public async Task<V1.JobState> CancelAsync(string id, CancellationToken cancellationToken)
    {
        var job = Find(id);
        job.Stop(V1.JobState.Cancelled, "cancelled before it began: submit it again to train");
        await WaitForEndAsync(job, cancellationToken);
        return job.State;
    }

    /// <summary>All jobs, newest first.</summary>
    public IReadOnlyList<V1.JobSummary> List()
    {
        lock (_lock)
        {
            return [.. _jobs.Values.OrderByDescending(job => job.Created).Select(job => job.Summary())];
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        foreach (var job in _jobs.Values)
        {
            job.Dispose();
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var job in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var thread = new Thread(() =>
            {
                RunJob(job);
                ended.SetResult();
            })
            { IsBackground = true, Name = $"job {job.Description.JobId}" };
            thread.Start();
            await ended.Task;
        }
    }

    private static async Task WaitForEndAsync(Job job, CancellationToken cancellationToken)
    {
        while (job.View(int.MaxValue) is { Ended: null } view)
        {
            await view.Changed.WaitAsync(cancellationToken);
        }
    }

    private static void RequireEqual(V1.TrainingJob known, V1.TrainingJob asked)
    {
        if (known.Equals(asked))
        {
            return;
        }

        var field = V1.TrainingJob.Descriptor.Fields.InFieldNumberOrder()
            .First(field => !Equals(field.Accessor.GetValue(known), field.Accessor.GetValue(asked)));
        throw new RpcException(new Status(StatusCode.AlreadyExists,
            $"job '{known.JobId}' exists with another {field.Name}: {field.Accessor.GetValue(known)}, not {field.Accessor.GetValue(asked)}; use another job_id"));
    }

    /// <summary>
    /// What is made, or is being made, from other data is not what was asked for. Files that are gone have not changed, and of
    /// a job that has stopped the checkpoints judge.
    /// </summary>
    private static void RequireSameInputs(Job job, string inputs)
    {
        if (inputs.Length > 0 && job.Inputs.Length > 0 && inputs != job.Inputs)
        {
            var free = job.State == V1.JobState.Done ? $"delete {job.Spec.OutputFolder}" : $"cancel the job and delete {job.Spec.OutputFolder}.checkpoints";
            throw new RpcException(new Status(StatusCode.AlreadyExists,
                $"job '{job.Description.JobId}' exists with another content of data_path or start_adapter; use another job_id and output_folder, or {free} to train again"));
        }
    }

    private static string NewId(TrainingMethod method) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{method.ToString().ToLowerInvariant()}-{DateTime.UtcNow:yyyyMMdd'T'HHmmss'Z'}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");

    private void Recover()
    {
        if (!Directory.Exists(options.Value.JobsFolder))
        {
            return;
        }

        foreach (var path in Directory.EnumerateDirectories(options.Value.JobsFolder))
        {
            var folder = new JobFolder(path);
            try
            {
                if (!folder.Exists)
                {
                    continue;
                }

                var stored = folder.Read();
                if (stored.Job.JobId != Path.GetFileName(path))
                {
                    throw new InvalidDataException($"it holds job '{stored.Job.JobId}': expected the folder's own name");
                }

                if (stored.Ended is null)
                {
                    var step = folder.ReadSteps().Count;
                    var interrupted = new V1.JobEnded
                    {
                        State = V1.JobState.Interrupted,
                        Message = $"the service ended after step {step}: submit the job again and it goes on from its last checkpoint",
                    };
                    folder.WriteState(interrupted.State, interrupted);
                    stored = stored with { State = interrupted.State, Ended = interrupted };
                }

                _jobs.Add(stored.Job.JobId, new Job(folder, stored, JobReader.Read(stored.Job)));
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or RpcException)
            {
                // One damaged folder does not keep the service from the others; its name stays taken.
                logger.LogError("{Folder} is left alone: {Message}", path, exception.Message);
            }
        }
    }

    private Job Create(string id, V1.TrainingJob description, TrainingSpec spec, string inputs)
    {
        var folder = new JobFolder(Path.Combine(options.Value.JobsFolder, id));
        if (folder.Exists)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition, $"{folder.Path} holds a job that cannot be read: move it away or use another job_id"));
        }

        RequireFree(spec);
        try
        {
            var created = clock.GetUtcNow();
            folder.Create(description, created);
            var job = new Job(folder, new StoredJob(description, created, V1.JobState.Queued, null, inputs), spec);
            Enqueue(job, inputs);
            _jobs.Add(id, job);
            return job;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            folder.Discard();
            throw NotKept(exception);
        }
    }

    /// <summary>Two jobs do not write into one folder.</summary>
    private void RequireFree(TrainingSpec spec)
    {
        var owner = _jobs.Values.FirstOrDefault(job => job.Spec.OutputFolder == spec.OutputFolder);
        if (owner is not null)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument,
                $"job.output_folder is '{spec.OutputFolder}': expected a folder of its own: job '{owner.Description.JobId}', with other data or options, writes there"));
        }

        // What else the folder holds the run judges: an adapter that this very specification made may be there.
        if (File.Exists(spec.OutputFolder))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument,
                $"job.output_folder is '{spec.OutputFolder}', a file: expected a folder, empty or new"));
        }
    }

    private void GoOn(Job job, string inputs)
    {
        if (IsFinished(job) || job.State is V1.JobState.Queued or V1.JobState.Running)
        {
            RequireSameInputs(job, inputs);
            return;
        }

        try
        {
            Enqueue(job, inputs);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotKept(exception);
        }
    }

    /// <summary>A finished job whose adapter somebody has removed is no longer finished.</summary>
    private static bool IsFinished(Job job) =>
        job.State == V1.JobState.Done && File.Exists(Path.Combine(job.Spec.OutputFolder, Models.PeftFolder.ConfigName));

    private void Enqueue(Job job, string inputs)
    {
        job.Enqueue(inputs);
        _waiting.Writer.TryWrite(job);
    }

    private RpcException NotKept(Exception exception) => new(new Status(
        StatusCode.FailedPrecondition, $"the job cannot be kept in {options.Value.JobsFolder}: {exception.Message.ReplaceLineEndings(" ")}"), exception.Message);

    private void RunJob(Job job)
    {
        try
        {
            if (job.Start() is { } stop)
            {
                ResetPeakMemory();
                using var span = TrainerTelemetry.Begin(job);
                var ended = Train(job, stop);
                TrainerTelemetry.End(span, job, ended);
                ended.PeakMemoryBytes = PeakMemory();
                if (ended.Seconds == 0)
                {
                    ended.Seconds = job.Summary().LastStep?.Seconds ?? 0;
                }

                job.End(ended);
                logger.LogInformation("Job {Job} ended as {State}: {Message}", job.Description.JobId, ended.State, ended.Message);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            job.End(JobMessages.Failed(V1.JobFailure.Storage, exception.Message));
        }
    }

    private V1.JobEnded Train(Job job, CancellationTokenSource stop)
    {
        IOException? full = null;
        var known = job.Summary().LastStep?.Step ?? 0;
        try
        {
            var outcome = trainer.Run(job.Spec, Report, stop.Token);
            return JobMessages.Done(outcome);
        }
        catch (Exception) when (full is not null)
        {
            return JobMessages.Failed(V1.JobFailure.Storage, $"the steps cannot be kept: {full.Message}");
        }
        catch (OperationCanceledException)
        {
            var step = job.Summary().LastStep?.Step ?? 0;
            return new V1.JobEnded
            {
                State = job.StoppedState,
                Message = $"stopped after step {step}: submit the job again and it goes on from its last checkpoint",
            };
        }
        catch (TrainingException exception)
        {
            return JobMessages.Failed(JobMessages.Failure(exception.Failure), exception.Message, exception.LastCheckpoint);
        }
        catch (OutOfMemoryException exception)
        {
            return JobMessages.Failed(V1.JobFailure.Memory, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return JobMessages.Failed(V1.JobFailure.Storage, exception.Message);
        }
#pragma warning disable CA1031 // Whatever a job throws ends that job and not the service.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "Job {Job} failed", job.Description.JobId);
            return JobMessages.Failed(V1.JobFailure.Internal, exception.Message);
        }

        void Report(TrainingEvent happened)
        {
            if (happened is TrainingActivity activity)
            {
                job.Report(activity.Text);
            }
            else if (happened is TrainingStep step && full is null)
            {
                try
                {
                    job.Report(JobMessages.Step(step));
                    if (step.Step > known)
                    {
                        TrainerTelemetry.CountStep(job);
                    }
                }
                catch (IOException exception)
                {
                    full = exception;
                    stop.Cancel();
                }
            }
        }
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static void ResetPeakMemory()
    {
        try
        {
            // proc(5): 5 sets the peak resident set size to the current one.
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The peak of an earlier job stands then.
        }
    }
}
