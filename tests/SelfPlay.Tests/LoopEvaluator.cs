using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.SelfPlay.Tests;

/// <summary>An evaluator that solves as many of the problems as its script says.</summary>
internal sealed class LoopEvaluator : IEvaluator
{
    /// <summary>Problems solved of three, by the adapter's folder name; "" for none.</summary>
    public Func<string, int> Solved { get; set; } = adapter => adapter.Length == 0 ? 1 : 2;

    /// <summary>Runs before an evaluation.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<V1.EvaluateRequest> Requests { get; } = new();

    public async Task<V1.EvaluationFinished> RunAsync(
        V1.EvaluateRequest request, Func<V1.EvaluateResponse, ValueTask> report, CancellationToken cancellationToken)
    {
        await Before(cancellationToken);
        Requests.Enqueue(request);
        var solved = Solved(Path.GetFileName(request.Adapter));
        for (var i = 0; i < request.Problems.Count; i++)
        {
            await report(new V1.EvaluateResponse
            {
                Sample = new V1.EvaluationSample
                {
                    ProblemId = request.Problems[i].Id,
                    Verdict = i < solved ? V1.Verdict.Accepted : V1.Verdict.WrongAnswer,
                },
            });
        }

        var share = (double)solved / request.Problems.Count;
        var finished = new V1.EvaluationFinished { GeneratedTokens = 30 };
        finished.Metrics.Add(new V1.Estimate { Name = "pass@1", Value = share, Low = share / 2, High = 1, Problems = request.Problems.Count });
        if (request.Options.Strategy == V1.Strategy.Mcts)
        {
            finished.Metrics.Add(new V1.Estimate { Name = "aspr", Value = 0.25, Low = 0.1, High = 0.5, Problems = solved });
        }

        return finished;
    }

    /// <summary>Fails as a service that is away.</summary>
    public static RpcException Away(string service) => new(new Status(StatusCode.Unavailable, $"{service} is away"));
}
