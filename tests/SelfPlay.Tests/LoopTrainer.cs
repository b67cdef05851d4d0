using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;

namespace O1Coder.SelfPlay.Tests;

/// <summary>
/// A trainer of three steps a job, whose adapter is a function of its data. A job keeps its steps across cancellations,
/// and a step is never taken twice.
/// </summary>
public sealed class LoopTrainer : V1.TrainerService.TrainerServiceBase
{
    private const int Steps = 3;

    public ConcurrentDictionary<string, V1.TrainingJob> Jobs { get; } = new();

    /// <summary>Steps that were taken, as "job step".</summary>
    public ConcurrentQueue<string> StepsTaken { get; } = new();

    public ConcurrentQueue<string> Cancelled { get; } = new();

    /// <summary>Runs before each step.</summary>
    public Func<string, int, CancellationToken, Task> Before { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>How a job fails; null for not at all.</summary>
    public Func<string, V1.JobFailure?> Failure { get; set; } = _ => null;

    private readonly ConcurrentDictionary<string, int> _taken = new();

    public override Task<V1.SubmitResponse> Submit(V1.SubmitRequest request, ServerCallContext context)
    {
        var known = Jobs.GetOrAdd(request.Job.JobId, request.Job);
        return known.Equals(request.Job)
            ? Task.FromResult(new V1.SubmitResponse { Job = known, State = V1.JobState.Queued })
            : throw new RpcException(new Status(StatusCode.AlreadyExists, "another specification"));
    }

    public override async Task Watch(V1.WatchRequest request, IServerStreamWriter<V1.WatchResponse> responseStream, ServerCallContext context)
    {
        var job = Jobs.GetValueOrDefault(request.JobId) ?? throw new RpcException(new Status(StatusCode.NotFound, $"no job {request.JobId}"));
        await responseStream.WriteAsync(new V1.WatchResponse { Activity = "loading the model" });
        for (var step = request.AfterStep + 1; step <= Steps; step++)
        {
            await Before(job.JobId, step, context.CancellationToken);
            if (_taken.GetValueOrDefault(job.JobId) < step)
            {
                _taken[job.JobId] = step;
                StepsTaken.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{job.JobId} {step}"));
            }

            await responseStream.WriteAsync(new V1.WatchResponse
            {
                Step = new V1.TrainingStep { Step = step, Steps = Steps, Epoch = 1, Loss = 2.0 / step, GradientNorm = 1, LearningRate = 1e-4, TokensPerSecond = 100, Seconds = step },
            });
        }

        var ended = new V1.JobEnded { State = V1.JobState.Done, EpochLosses = { 1.5 }, Rows = File.ReadLines(job.DataPath).Count(), Tokens = 1000, Seconds = 3 };
        if (Failure(job.JobId) is { } failure)
        {
            ended.State = V1.JobState.Failed;
            ended.Failure = failure;
            ended.Message = "the loss is NaN at step 3";
        }
        else
        {
            Fakes.WriteAdapter(job.OutputFolder, $"{job.Method} {File.ReadAllText(job.DataPath).Length}");
        }

        await responseStream.WriteAsync(new V1.WatchResponse { Ended = ended });
    }

    public override Task<V1.CancelResponse> Cancel(V1.CancelRequest request, ServerCallContext context)
    {
        Cancelled.Enqueue(request.JobId);
        return Task.FromResult(new V1.CancelResponse { State = V1.JobState.Cancelled });
    }
}
