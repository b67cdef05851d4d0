using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Has the test-case generator write tests for one problem.</summary>
internal static class TestWriting
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(10);

    /// <summary>Writes tests that the problem's reference solutions confirm.</summary>
    /// <param name="context">The step.</param>
    /// <param name="problem">The problem, with at least one reference solution.</param>
    /// <param name="adapter">The generator's adapter, a folder in the run's; empty for the base.</param>
    /// <param name="name">The name that it is served under.</param>
    /// <param name="count">Tests that are wanted.</param>
    /// <param name="attempts">How often the model is asked.</param>
    /// <param name="temperature">Sampling temperature; 0 is greedy.</param>
    /// <param name="seed">Everything random.</param>
    /// <param name="meter">Counts tokens.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<TestRow> RunAsync(
        StepContext context, V1.Problem problem, string adapter, string name, int count, int attempts, float temperature, ulong seed,
        ItemMeter meter, CancellationToken cancellationToken)
    {
        var served = adapter.Length == 0
            ? ""
            : (await context.Services.Adapters.EnsureAsync(context.AdapterPath(adapter), name, cancellationToken)).Name;
        var request = new V1.GenerateTestsRequest
        {
            Problem = problem,
            Count = count,
            Adapter = served,
            Seed = seed,
            Temperature = temperature,
            Attempts = attempts,
        };
        return await Outages.CallAsync("tcg", token => CallAsync(context, request, meter, token), cancellationToken);
    }

    private static async Task<TestRow> CallAsync(
        StepContext context, V1.GenerateTestsRequest request, ItemMeter meter, CancellationToken cancellationToken)
    {
        using var call = context.Services.Tcg.GenerateTests(
            request, deadline: context.Services.In(s_deadline), cancellationToken: cancellationToken);
        V1.TcgFinished? finished = null;
        await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            finished = one.Finished ?? finished;
            meter.Set(one.Finished?.GeneratedTokens ?? one.Progress?.GeneratedTokens ?? meter.Tokens);
        }

        return finished is null
            ? throw new RpcException(new Status(StatusCode.Internal, "the stream ended before the tests"))
            : new TestRow(
                request.Problem.Id, [.. finished.Tests.Select(test => TestText.From(test.Test))],
                (finished.Counts?.Written - finished.Counts?.Duplicates) ?? 0, finished.Counts?.Good ?? 0,
                finished.Counts?.FormatErrors ?? 0, finished.Counts?.Duplicates ?? 0);
    }
}
