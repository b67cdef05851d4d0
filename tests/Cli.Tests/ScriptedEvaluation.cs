using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

/// <summary>A coordinator on a free port of this machine that answers every evaluation from a script.</summary>
internal sealed class ScriptedEvaluation : EvaluationService.EvaluationServiceBase, IAsyncDisposable
{
    private readonly Func<EvaluateRequest, IServerStreamWriter<EvaluateResponse>, CancellationToken, Task> _script;
    private ServiceHost? _server;

    private ScriptedEvaluation(Func<EvaluateRequest, IServerStreamWriter<EvaluateResponse>, CancellationToken, Task> script) => _script = script;

    public Uri Address => new(_server!.Address);

    public List<EvaluateRequest> Requests { get; } = [];

    /// <summary>Answers with the events of a request.</summary>
    public static Task<ScriptedEvaluation> StartAsync(Func<EvaluateRequest, IEnumerable<EvaluateResponse>> script) =>
        StartAsync(async (request, stream, cancellationToken) =>
        {
            foreach (var response in script(request))
            {
                await stream.WriteAsync(response, cancellationToken);
            }
        });

    public static async Task<ScriptedEvaluation> StartAsync(Func<EvaluateRequest, IServerStreamWriter<EvaluateResponse>, CancellationToken, Task> script)
    {
        var service = new ScriptedEvaluation(script);
        service._server = await ServiceHost.StartAsync(service);
        return service;
    }

    /// <summary>
    /// A whole evaluation: sample i of problem p passes where <paramref name="passes"/> says so; pass@1 is told with an
    /// interval from 0 to 1.
    /// </summary>
    public static IEnumerable<EvaluateResponse> Whole(EvaluateRequest request, Func<string, int, bool> passes)
    {
        var version = request.Adapter.Length > 0 ? "0123456789abcdef" : "";
        var total = request.Problems.Count * request.Samples;
        yield return new EvaluateResponse
        {
            Started = new EvaluationStarted
            {
                EvaluationId = "e" + version,
                Folder = "/runs/evaluations/e" + version,
                Model = new ModelIdentity { ModelId = "scripted", AdapterVersion = version },
                Samples = total,
            },
        };
        var (done, passed) = (0, 0);
        foreach (var problem in request.Problems)
        {
            for (var i = 0; i < request.Samples; i++)
            {
                var good = passes(problem.Id, i);
                passed += good ? 1 : 0;
                yield return new EvaluateResponse
                {
                    Sample = new EvaluationSample
                    {
                        ProblemId = problem.Id,
                        Sample = i,
                        Program = "pass\n",
                        Verdict = good ? Verdict.Accepted : Verdict.WrongAnswer,
                        Passed = good ? 5 : 4,
                        Total = 5,
                        GeneratedTokens = 10,
                        Seconds = 0.5,
                    },
                };
                yield return new EvaluateResponse
                {
                    Progress = new EvaluationProgress { Done = ++done, Total = total, Solved = passed, SecondsLeft = 2, GeneratedTokens = 10 * done },
                };
            }
        }

        var finished = new EvaluationFinished { GeneratedTokens = 10 * total, Seconds = 3 };
        finished.Metrics.Add(new Estimate { Name = "pass@1", Value = (double)passed / total, Low = 0, High = 1, Problems = request.Problems.Count });
        finished.Metrics.Add(new Estimate { Name = "aspr", Value = 0.25, Low = double.NaN, High = double.NaN, Problems = 1 });
        finished.Metrics.Add(new Estimate { Name = "tokens per sample", Value = 10, Low = 10, High = 10, Problems = request.Problems.Count });
        finished.Verdicts.Add(new VerdictCount { Verdict = Verdict.Accepted, Samples = passed });
        finished.Verdicts.Add(new VerdictCount { Verdict = Verdict.WrongAnswer, Samples = total - passed });
        yield return new EvaluateResponse { Finished = finished };
    }

    public override async Task Evaluate(EvaluateRequest request, IServerStreamWriter<EvaluateResponse> responseStream, ServerCallContext context)
    {
        Requests.Add(request);
        await _script(request, responseStream, context.CancellationToken);
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
