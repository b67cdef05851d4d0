using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Serves o1coder.v1.TrainerService by handing every call on to the Trainer, so that the command line needs to know one
/// address. Deadlines, cancellation and errors go through unchanged.
/// </summary>
internal sealed class TrainerProxy(V1.TrainerService.TrainerServiceClient trainer, IHostApplicationLifetime lifetime)
    : V1.TrainerService.TrainerServiceBase
{
    private static readonly TimeSpan s_longestCall = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public override Task<V1.SubmitResponse> Submit(V1.SubmitRequest request, ServerCallContext context) =>
        CallAsync(context, (deadline, cancellation) => trainer.SubmitAsync(request, deadline: deadline, cancellationToken: cancellation));

    /// <inheritdoc/>
    public override async Task Watch(V1.WatchRequest request, IServerStreamWriter<V1.WatchResponse> responseStream, ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            // As long as the caller watches: the Trainer ends the stream with the job.
            using var call = trainer.Watch(request, deadline: context.Deadline, cancellationToken: stop.Token);
            await foreach (var response in call.ResponseStream.ReadAllAsync(stop.Token))
            {
                await responseStream.WriteAsync(response, stop.Token);
            }
        }
        catch (Exception) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the coordinator is stopping"));
        }
        catch (RpcException exception)
        {
            throw Told(exception);
        }
    }

    /// <inheritdoc/>
    public override Task<V1.CancelResponse> Cancel(V1.CancelRequest request, ServerCallContext context) =>
        CallAsync(context, (deadline, cancellation) => trainer.CancelAsync(request, deadline: deadline, cancellationToken: cancellation));

    /// <inheritdoc/>
    public override Task<V1.ListResponse> List(V1.ListRequest request, ServerCallContext context) =>
        CallAsync(context, (deadline, cancellation) => trainer.ListAsync(request, deadline: deadline, cancellationToken: cancellation));

    private static async Task<T> CallAsync<T>(ServerCallContext context, Func<DateTime, CancellationToken, AsyncUnaryCall<T>> call)
    {
        var latest = DateTime.UtcNow + s_longestCall;
        try
        {
            using var answer = call(context.Deadline < latest ? context.Deadline : latest, context.CancellationToken);
            return await answer;
        }
        catch (RpcException exception)
        {
            throw Told(exception);
        }
    }

    /// <summary>The Trainer's own status; an exception of this side's transport does not go further.</summary>
    private static RpcException Told(RpcException exception) => new(new Status(
        exception.StatusCode,
        exception.StatusCode == StatusCode.Unavailable ? $"the trainer cannot be reached: {exception.Status.Detail}" : exception.Status.Detail));
}
