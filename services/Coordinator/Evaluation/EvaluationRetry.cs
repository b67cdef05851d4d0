using Grpc.Core;
using Polly;
using Polly.Retry;

namespace O1Coder.Coordinator;

/// <summary>
/// Tries a piece of an evaluation again when a service was away, full or failed, which says nothing about a program.
/// Pauses are longer than those of single calls: a service that starts again first loads its model.
/// </summary>
internal sealed class EvaluationRetry(CoordinatorOptions options)
{
    private const int LongerThanCalls = 8;

    private readonly ResiliencePipeline _pipeline = options.EvaluationRetries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RpcException>(error =>
                    error.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted),
                MaxRetryAttempts = options.EvaluationRetries,
                Delay = options.CallRetryDelay * LongerThanCalls,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();

    /// <summary>Runs it.</summary>
    /// <exception cref="RpcException">It failed for good.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async token => await work(token), cancellationToken);
}
