using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

/// <summary>A coordinator on a free port of this machine that plays every run from a script.</summary>
internal sealed class ScriptedPlay : SelfPlayService.SelfPlayServiceBase, IAsyncDisposable
{
    private readonly Func<IServerStreamWriter<PlayResponse>, CancellationToken, Task> _script;
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServiceHost? _server;

    private ScriptedPlay(Func<IServerStreamWriter<PlayResponse>, CancellationToken, Task> script) => _script = script;

    public Uri Address => new(_server!.Address);

    public PlayRequest? Request { get; private set; }

    /// <summary>Ends when a call was cancelled before its script had ended.</summary>
    public Task Cancelled => _cancelled.Task;

    public static Task<ScriptedPlay> StartAsync(params PlayResponse[] script) => StartAsync(async (stream, cancellationToken) =>
    {
        foreach (var response in script)
        {
            await stream.WriteAsync(response, cancellationToken);
        }
    });

    public static async Task<ScriptedPlay> StartAsync(Func<IServerStreamWriter<PlayResponse>, CancellationToken, Task> script)
    {
        var service = new ScriptedPlay(script);
        service._server = await ServiceHost.StartAsync(service);
        return service;
    }

    public static PlayResponse[] Run() =>
    [
        new PlayResponse
        {
            Started = new RunStarted
            {
                Run = "one", Folder = "/runs/one", Steps = 3, DoneSteps = 1, Settings = new SelfPlaySettings { Seed = 7 },
                Model = new ModelIdentity { ModelId = "tiny-coder" },
            },
        },
        new PlayResponse { StepDone = new StepDone { Step = 1, Name = "evaluate-base", Seconds = 9, GeneratedTokens = 100, Summary = "greedily 1 of 3 problems", Known = true } },
        new PlayResponse { StepStarted = new StepStarted { Step = 2, Name = "tcg-sft", Title = "Test-case generator", Part = 1 } },
        new PlayResponse { Progress = new StepProgress { Step = 2, Done = 1, Total = 2, Unit = "step", Item = "epoch 1", Loss = 2.5, TokensPerSecond = 130, SecondsLeft = 61 } },
        new PlayResponse { Progress = new StepProgress { Step = 2, Done = 2, Total = 2, Unit = "step", Item = "epoch 1", Loss = 1.5, TokensPerSecond = 130 } },
        new PlayResponse
        {
            StepDone = new StepDone
            {
                Step = 2, Name = "tcg-sft", Seconds = 62, Summary = "8 rows \u001b[2J",
                Metrics = { new Estimate { Name = "loss, last step", Value = 1.5, Low = 1.5, High = 1.5 } },
            },
        },
        new PlayResponse { StepStarted = new StepStarted { Step = 3, Name = "search", Title = "Searches", Part = 2 } },
        new PlayResponse { StepDone = new StepDone { Step = 3, Name = "search", Seconds = 4, GeneratedTokens = 2345, Summary = "12 paths" } },
        new PlayResponse
        {
            Finished = new RunFinished
            {
                ReportPath = "/runs/one/report.md", PolicyAdapter = "/runs/one/policy", Seconds = 75, Summary = "- greedy pass@1: 0.3 before, 0.5 after\n- policy: adapters/policy-sft\n",
            },
        },
    ];

    public override async Task Play(PlayRequest request, IServerStreamWriter<PlayResponse> responseStream, ServerCallContext context)
    {
        Request = request;
        using var registration = context.CancellationToken.Register(() => _cancelled.TrySetResult());
        await _script(responseStream, context.CancellationToken);
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
