using Grpc.Core;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>
/// Begins a piece of work again while a service is away, for example because it is being started again. NotFound is
/// among the reasons: a service that came back has forgotten adapters and jobs, which each piece of work brings anew.
/// </summary>
internal sealed class Outages(SelfPlayOptions options, ILogger<Outages> logger)
{
    private readonly ResiliencePipeline _pipeline = Retries.While(
        [StatusCode.Unavailable, StatusCode.NotFound, StatusCode.ResourceExhausted],
        options.OutageRetries, options.OutageDelay, options.LongestOutageDelay,
        (error, attempt) => logger.LogWarning("{Failure}: trying again, {Attempt} of {Attempts}", error.Status.Detail, attempt, options.OutageRetries));

    /// <summary>Does the work.</summary>
    /// <param name="work">The work; begun from its start each time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">It failed for good.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async token => await work(token), cancellationToken);

    /// <summary>Names the service in a call's failure; see <see cref="DownstreamCall"/>.</summary>
    public static Task<T> CallAsync<T>(string service, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        DownstreamCall.RunAsync(service, ResiliencePipeline.Empty, call, cancellationToken);
}
