using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

/// <summary>
/// A Trainer with one job of four steps, and one that never ends. Public because the gRPC server makes its methods'
/// delegates from outside.
/// </summary>
public sealed class ScriptedTrainer : V1.TrainerService.TrainerServiceBase
{
    /// <summary>Ends when a watcher has gone before the job ended.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Task<V1.SubmitResponse> Submit(V1.SubmitRequest request, ServerCallContext context) => request.Job.JobId == "?"
        ? throw new RpcException(new Status(StatusCode.InvalidArgument, "job.job_id is '?'"))
        : Task.FromResult(new V1.SubmitResponse { Job = request.Job, State = V1.JobState.Queued });

    public override async Task Watch(V1.WatchRequest request, IServerStreamWriter<V1.WatchResponse> responseStream, ServerCallContext context)
    {
        using var left = context.CancellationToken.Register(() => Left.TrySetResult());
        for (var step = request.AfterStep + 1; step <= 4; step++)
        {
            await responseStream.WriteAsync(new V1.WatchResponse { Step = new V1.TrainingStep { Step = step, Steps = 4 } });
        }

        if (request.JobId == "endless")
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }

        await responseStream.WriteAsync(new V1.WatchResponse { Ended = new V1.JobEnded { State = V1.JobState.Done } });
    }

    public override Task<V1.CancelResponse> Cancel(V1.CancelRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.CancelResponse { State = V1.JobState.Cancelled });

    public override Task<V1.ListResponse> List(V1.ListRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListResponse { Jobs = { new V1.JobSummary { Job = new V1.TrainingJob { JobId = "one" } } } });
}
