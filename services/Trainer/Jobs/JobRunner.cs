using O1Coder.Learning.Training;

namespace O1Coder.Trainer;

/// <summary>Runs a job on the calling thread and says how it ended.</summary>
internal sealed class JobRunner(ITrainer trainer, ILogger<JobRunner> logger)
{
    /// <summary>Runs a job, unless it no longer waits; whatever it throws ends that job alone.</summary>
    public void Run(Job job)
    {
        try
        {
            if (job.Start() is { } stop)
            {
                JobMemory.Reset();
                using var span = TrainerTelemetry.Begin(job);
                var ended = Train(job, stop);
                TrainerTelemetry.End(span, job, ended);
                ended.PeakMemoryBytes = JobMemory.Peak();
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
}
