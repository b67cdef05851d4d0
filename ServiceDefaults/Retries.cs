using Grpc.Core;
using Polly;
using Polly.Retry;

namespace O1Coder.ServiceDefaults;

/// <summary>How work that rests on other services is done again when one of them failed it.</summary>
public static class Retries
{
    /// <summary>
    /// Does work again while it ends with one of some statuses. The pauses double, and each is drawn at random about its
    /// length, so that callers who were refused together do not come back together.
    /// </summary>
    /// <param name="statuses">The statuses that say nothing about the work itself.</param>
    /// <param name="most">How many times at the most; 0 for never.</param>
    /// <param name="firstPause">The pause before the first of these.</param>
    /// <param name="longestPause">No pause is longer; null for no bound.</param>
    /// <param name="onRetry">Is told the failure and the number, from 1, before each pause.</param>
    public static ResiliencePipeline While(
        IReadOnlyCollection<StatusCode> statuses, int most, TimeSpan firstPause, TimeSpan? longestPause = null,
        Action<RpcException, int>? onRetry = null) => most == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RpcException>(error => statuses.Contains(error.StatusCode)),
                MaxRetryAttempts = most,
                Delay = firstPause,
                MaxDelay = longestPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = retry =>
                {
                    onRetry?.Invoke((RpcException)retry.Outcome.Exception!, retry.AttemptNumber + 1);
                    return default;
                },
            })
            .Build();
}
