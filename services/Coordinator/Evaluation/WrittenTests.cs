using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Lets the test-case generator write tests for a problem whose reference solutions tell right from wrong.</summary>
internal sealed class WrittenTests(V1.TcgService.TcgServiceClient client, TimeProvider clock)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(10);

    /// <summary>What became of the cases that were written.</summary>
    /// <param name="problem">A problem with reference solutions.</param>
    /// <param name="seed">Everything random comes from this.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">Tcg failed.</exception>
    public async Task<EvaluationRecord> OfAsync(EvaluatedProblem problem, ulong seed, CancellationToken cancellationToken)
    {
        var counts = new V1.TestCounts();
        var tokens = 0L;
        try
        {
            using var call = client.GenerateTests(
                new V1.GenerateTestsRequest { Problem = problem.Wire, Seed = seed },
                deadline: clock.GetUtcNow().UtcDateTime + s_deadline, cancellationToken: cancellationToken);
            await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                counts = one.Finished?.Counts ?? one.Progress?.Counts ?? counts;
                tokens = one.Finished?.GeneratedTokens ?? one.Progress?.GeneratedTokens ?? tokens;
            }
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition && counts.Written > 0)
        {
            // None was good: the last counts say what became of them.
        }
        catch (RpcException error) when (error.StatusCode is not (StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound))
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"tcg: {error.StatusCode}: {error.Status.Detail}"));
        }

        return EvaluationRecord.Of(problem.Problem.Id, counts, tokens);
    }
}
