using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace O1Coder.Policy.Remote;

/// <summary>
/// When a request to a server is made again: nobody answered, or the answer was that it is full or away. Requests are pure
/// functions, and a retry ends where the answer's header is there, so never after a token.
/// </summary>
internal static class RemoteRetries
{
    private const int Retries = 4;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);

    // A server that asks for more is told to the caller as full, who knows its own deadline.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    /// <summary>The strategy: again after 0.2, 0.4, 0.8 and 1.6 seconds with jitter, or when the server asks to.</summary>
    public static HttpRetryStrategyOptions Options { get; } = new()
    {
        MaxRetryAttempts = Retries,
        Delay = s_firstPause,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is HttpRequestException || IsPassing(arguments.Outcome.Result)),
        DelayGenerator = arguments => ValueTask.FromResult(Asked(arguments.Outcome.Result)),
    };

    /// <summary>When a caller may come back to a server that is full and does not say.</summary>
    public static TimeSpan WhenBusy { get; } = TimeSpan.FromSeconds(2);

    private static bool IsPassing(HttpResponseMessage? response) =>
        response?.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        && !(Asked(response) > s_longestPause);

    /// <summary>The pause that a server asks for; null where it does not say.</summary>
    public static TimeSpan? Asked(HttpResponseMessage? response)
    {
        var asked = response?.Headers.RetryAfter;
        var pause = asked?.Delta ?? (asked?.Date is { } date ? date - DateTimeOffset.UtcNow : null);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
