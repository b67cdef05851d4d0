using Grpc.Core;
using Polly;

namespace O1Coder.ServiceDefaults;

/// <summary>
/// A call of one service to another that is a pure function of its request: made again as a pipeline has it, and ended
/// with a status that the caller's own caller can act on. (A service that is away is tried again by
/// <see cref="ServiceClientExtensions.AddServiceClient{TClient}"/> too.)
/// </summary>
public static class DownstreamCall
{
    private static readonly ResiliencePipeline s_whileFull = Retries.While([StatusCode.ResourceExhausted], 4, TimeSpan.FromMilliseconds(200));

    /// <summary>
    /// Makes the call, again while it is answered ResourceExhausted: when the answer says, or else after about 0.2, 0.4, 0.8
    /// and 1.6 seconds.
    /// </summary>
    /// <inheritdoc cref="RunAsync{T}(string, ResiliencePipeline, Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public static Task<T> RunAsync<T>(
        string service, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(service, s_whileFull, call, cancellationToken);

    /// <summary>Makes the call as a pipeline has it.</summary>
    /// <param name="service">The service's name for people, for example "policy".</param>
    /// <param name="pipeline">When it is made again.</param>
    /// <param name="call">The call; it sets its own deadline.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">
    /// It failed: InvalidArgument, NotFound, ResourceExhausted and FailedPrecondition keep their status, all others become
    /// Unavailable; the message begins with the service's name.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<T> RunAsync<T>(
        string service, ResiliencePipeline pipeline, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        try
        {
            return await pipeline.ExecuteAsync(async token => await call(token), cancellationToken);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException error)
        {
            throw new RpcException(new Status(StatusFor(error.StatusCode), $"{service}: {error.StatusCode}: {error.Status.Detail}"));
        }
    }

    private static StatusCode StatusFor(StatusCode status) => status switch
    {
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.ResourceExhausted or StatusCode.FailedPrecondition => status,
        _ => StatusCode.Unavailable,
    };
}
