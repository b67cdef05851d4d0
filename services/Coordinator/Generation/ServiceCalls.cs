using Grpc.Core;
using Polly;
using Polly.Retry;

namespace O1Coder.Coordinator;

/// <summary>
/// How calls to Policy and Sandbox fail. Both are pure functions of their request, so a call may be made again when the
/// service was full or away; what stays is an error with the status that a caller of Solve can act on.
/// </summary>
internal static class ServiceCalls
{
    /// <summary>Makes a call again while the service is full (ResourceExhausted) or away (Unavailable).</summary>
    public static ResiliencePipeline Retrying(CoordinatorOptions options) => options.CallRetries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RpcException>(error =>
                    error.StatusCode is StatusCode.ResourceExhausted or StatusCode.Unavailable),
                MaxRetryAttempts = options.CallRetries,
                Delay = options.CallRetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();

    /// <summary>Runs one call, with retries, and turns its failure into Solve's error.</summary>
    /// <param name="service">The service's name for people, for example "policy".</param>
    /// <param name="pipeline">The retries.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">The call failed for good.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<T> RunAsync<T>(
        string service, ResiliencePipeline pipeline, Func<CancellationToken, ValueTask<T>> call,
        CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(call, cancellationToken);
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
        StatusCode.InvalidArgument or StatusCode.ResourceExhausted or StatusCode.FailedPrecondition or StatusCode.NotFound => status,
        _ => StatusCode.Unavailable,
    };
}
