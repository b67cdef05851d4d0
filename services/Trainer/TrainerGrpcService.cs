using Grpc.Core;
using O1Coder.ServiceDefaults;

namespace O1Coder.Trainer;

/// <summary>The service of trainer.proto.</summary>
internal sealed class TrainerGrpcService(JobQueue queue, ModelCheck model) : V1.TrainerService.TrainerServiceBase
{
    /// <inheritdoc />
    public override async Task<V1.SubmitResponse> Submit(V1.SubmitRequest request, ServerCallContext context)
    {
        InvalidArgument.ThrowUnless(request.Job is not null, "job", null, "a job");
        var spec = JobReader.Read(request.Job);
        if (!queue.IsFinished(request.Job.JobId, spec))
        {
            DataCheck.Run(spec, context.CancellationToken);
            model.Run(spec);
        }

        var (job, state) = await queue.SubmitAsync(request.Job.JobId, spec, context.CancellationToken);
        return new V1.SubmitResponse { Job = job, State = state };
    }

    /// <inheritdoc />
    public override async Task Watch(V1.WatchRequest request, IServerStreamWriter<V1.WatchResponse> responseStream, ServerCallContext context)
    {
        InvalidArgument.ThrowUnless(request.AfterStep >= 0, "after_step", request.AfterStep, "at least 0");
        var job = queue.Find(request.JobId);
        var (told, activity) = (request.AfterStep, "");
        while (true)
        {
            var view = job.View(told);
            foreach (var step in view.Steps)
            {
                await responseStream.WriteAsync(new V1.WatchResponse { Step = step }, context.CancellationToken);
                told = step.Step;
            }

            if (view.Ended is { } ended)
            {
                await responseStream.WriteAsync(new V1.WatchResponse { Ended = ended }, context.CancellationToken);
                return;
            }

            if (view.Activity != activity)
            {
                activity = view.Activity;
                await responseStream.WriteAsync(new V1.WatchResponse { Activity = activity }, context.CancellationToken);
            }

            await view.Changed.WaitAsync(context.CancellationToken);
        }
    }

    /// <inheritdoc />
    public override async Task<V1.CancelResponse> Cancel(V1.CancelRequest request, ServerCallContext context) =>
        new() { State = await queue.CancelAsync(request.JobId, context.CancellationToken) };

    /// <inheritdoc />
    public override Task<V1.ListResponse> List(V1.ListRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListResponse { Jobs = { queue.List() } });
}
