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
    JobRunner runner, IOptions<TrainerOptions> options, TimeProvider clock, ILogger<JobQueue> logger) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly Channel<Job> _waiting = Channel.CreateUnbounded<Job>(new UnboundedChannelOptions { SingleReader = true });
    private bool _stopping;

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var job in StoredJobs.Recover(options.Value.JobsFolder, logger))
        {
            _jobs.Add(job.Description.JobId, job);
        }

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
    /// <param name="cancellationToken">Ends the wait for a run of the same job, or into the same folder, that is about to stop.</param>
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

                var known = _jobs.GetValueOrDefault(name);
                if (known is not null)
                {
                    RequireEqual(known.Description, description);
                }

                job = known ?? _jobs.Values.FirstOrDefault(one => one.Spec.OutputFolder == spec.OutputFolder);
                if (job is not { IsStopping: true })
                {
                    if (known is null)
                    {
                        known = Create(name, description, spec, inputs, before: job);
                    }
                    else
                    {
                        GoOn(known, inputs);
                    }

                    return (known.Description, known.State);
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
            return _jobs.TryGetValue(id, out var job) && job.IsFinished && job.Description.Equals(JobMessages.Job(id, spec));
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
                runner.Run(job);
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
            var free = job.State == V1.JobState.Done ? $"delete {job.Spec.OutputFolder}" : $"cancel the job and delete {JobOutput.CheckpointsOf(job.Spec)}";
            throw new RpcException(new Status(StatusCode.AlreadyExists,
                $"job '{job.Description.JobId}' exists with another content of data_path or start_adapter; use another job_id and output_folder, or {free} to train again"));
        }
    }

    private static string NewId(TrainingMethod method) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{method.ToString().ToLowerInvariant()}-{DateTime.UtcNow:yyyyMMdd'T'HHmmss'Z'}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");

    /// <summary>
    /// Takes a new job on. One before it in the same folder that has failed or was cancelled is forgotten with its
    /// checkpoints: of all jobs that are known, no two have one folder.
    /// </summary>
    private Job Create(string id, V1.TrainingJob description, TrainingSpec spec, string inputs, Job? before)
    {
        var folder = new JobFolder(Path.Combine(options.Value.JobsFolder, id));
        if (folder.Exists)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition, $"{folder.Path} holds a job that cannot be read: move it away or use another job_id"));
        }

        JobOutput.RequireFree(spec, before);
        try
        {
            if (before is not null)
            {
                JobOutput.DeleteCheckpoints(before.Spec);
                before.Forget();
                _jobs.Remove(before.Description.JobId);
            }

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

    private void GoOn(Job job, string inputs)
    {
        if (job.IsFinished || job.State is V1.JobState.Queued or V1.JobState.Running)
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

    private void Enqueue(Job job, string inputs)
    {
        job.Enqueue(inputs);
        _waiting.Writer.TryWrite(job);
    }

    private RpcException NotKept(Exception exception) => new(new Status(
        StatusCode.FailedPrecondition, $"the job cannot be kept in {options.Value.JobsFolder}: {exception.Message.ReplaceLineEndings(" ")}"), exception.Message);
}
