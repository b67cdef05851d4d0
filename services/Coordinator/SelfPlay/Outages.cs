using Grpc.Core;
using Polly;
using Polly.Retry;

namespace O1Coder.Coordinator;

/// <summary>
/// Begins a piece of work again while a service is away, for example because it is being started again. NotFound is
/// among the reasons: a service that came back has forgotten adapters and jobs, which each piece of work brings anew.
/// </summary>
internal sealed class Outages(SelfPlayOptions options, ILogger<Outages> logger)
{
    private readonly ResiliencePipeline _pipeline = options.OutageRetries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<RpcException>(error =>
                error.StatusCode is StatusCode.Unavailable or StatusCode.NotFound or StatusCode.ResourceExhausted),
            MaxRetryAttempts = options.OutageRetries,
            Delay = options.OutageDelay,
            MaxDelay = options.LongestOutageDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            OnRetry = retry =>
            {
                logger.LogWarning("{Failure}: trying again, {Attempt} of {Attempts}",
                    (retry.Outcome.Exception as RpcException)?.Status.Detail, retry.AttemptNumber + 1, options.OutageRetries);
                return default;
            },
        }).Build();

    /// <summary>Does the work.</summary>
    /// <param name="work">The work; begun from its start each time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">It failed for good.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async token => await work(token), cancellationToken);

    /// <summary>Names the service in a call's failure; see <see cref="ServiceCalls"/>.</summary>
    public static Task<T> CallAsync<T>(string service, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        ServiceCalls.RunAsync(service, ResiliencePipeline.Empty, async token => await call(token), cancellationToken);
}
