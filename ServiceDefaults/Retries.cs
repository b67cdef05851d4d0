using Grpc.Core;
using Polly;
using Polly.Retry;

namespace O1Coder.ServiceDefaults;

/// <summary>How work that rests on other services is done again when one of them failed it.</summary>
public static class Retries
{
    // As long as calls wait for their answer at the least: whoever had no place for that long will not get one soon.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    // Who were told the same hint together do not come back together.
    private const double HintSpread = 0.25;

    private static readonly ResiliencePropertyKey<TimeSpan> s_waited = new("o1coder.waited");

    /// <summary>
    /// Does work again while it ends with one of some statuses. The pauses double, and each is drawn at random about its
    /// length, so that callers who were refused together do not come back together. A failure that says when to come back
    /// (<see cref="RetryHint"/>) is followed instead, any number of times, as long as the pauses come to no more than a minute.
    /// </summary>
    /// <param name="statuses">The statuses that say nothing about the work itself.</param>
    /// <param name="most">How many times at the most, but for those that were asked for; 0 for never.</param>
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
                ShouldHandle = retry => ValueTask.FromResult(
                    retry.Outcome.Exception is RpcException error && statuses.Contains(error.StatusCode)
                    && (RetryHint.Of(error) is { } hint ? Waited(retry.Context) + hint <= s_patience : retry.AttemptNumber < most)),
                MaxRetryAttempts = int.MaxValue,
                Delay = firstPause,
                MaxDelay = longestPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = retry => ValueTask.FromResult(Asked(retry)),
                OnRetry = retry =>
                {
                    onRetry?.Invoke((RpcException)retry.Outcome.Exception!, retry.AttemptNumber + 1);
                    return default;
                },
            })
            .Build();

    // Null for the pauses that double.
    private static TimeSpan? Asked(RetryDelayGeneratorArguments<object> retry)
    {
        if (RetryHint.Of((RpcException)retry.Outcome.Exception!) is not { } hint)
        {
            return null;
        }

        var pause = hint * (1 + (HintSpread * Random.Shared.NextDouble()));
        retry.Context.Properties.Set(s_waited, Waited(retry.Context) + pause);
        return pause;
    }

    private static TimeSpan Waited(ResilienceContext context) => context.Properties.GetValue(s_waited, TimeSpan.Zero);
}
