using Grpc.Core;
using O1Coder.ServiceDefaults;
using Polly;

namespace O1Coder.Coordinator;

/// <summary>
/// Tries a piece of an evaluation again when a service was away, full or failed, which says nothing about a program.
/// Pauses are longer than those of single calls: a service that starts again first loads its model.
/// </summary>
internal sealed class EvaluationRetry(CoordinatorOptions options)
{
    private const int LongerThanCalls = 8;

    private readonly ResiliencePipeline _pipeline = Retries.While(
        [StatusCode.Unavailable, StatusCode.ResourceExhausted], options.EvaluationRetries, options.CallRetryDelay * LongerThanCalls);

    /// <summary>Runs it.</summary>
    /// <exception cref="RpcException">It failed for good.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async token => await work(token), cancellationToken);
}
