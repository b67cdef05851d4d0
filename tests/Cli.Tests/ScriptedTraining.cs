using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

/// <summary>A coordinator on a free port of this machine whose trainer answers from a script.</summary>
internal sealed class ScriptedTraining : TrainerService.TrainerServiceBase, IAsyncDisposable
{
    private ServiceHost? _server;

    public Uri Address => new(_server!.Address);

    public TrainingJob? Job { get; private set; }

    public string? Cancelled { get; private set; }

    public Func<SubmitRequest, SubmitResponse> OnSubmit { get; set; } = request => new SubmitResponse { Job = request.Job, State = JobState.Queued };

    public Func<IServerStreamWriter<WatchResponse>, CancellationToken, Task> OnWatch { get; set; } = (_, _) => Task.CompletedTask;

    public static WatchResponse Step(int step, double loss) => new()
    {
        Step = new TrainingStep
        {
            Step = step,
            Steps = 3,
            Epoch = 1,
            Loss = loss,
            GradientNorm = 0.5,
            LearningRate = 1e-4,
            TokensPerSecond = 128,
            Seconds = step,
            SecondsLeft = 3 - step,
        },
    };

    public static async Task<ScriptedTraining> StartAsync()
    {
        var service = new ScriptedTraining();
        service._server = await ServiceHost.StartAsync(service);
        return service;
    }

    public override Task<SubmitResponse> Submit(SubmitRequest request, ServerCallContext context)
    {
        Job = request.Job;
        return Task.FromResult(OnSubmit(request));
    }

    public override Task Watch(WatchRequest request, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context) =>
        OnWatch(responseStream, context.CancellationToken);

    public override Task<CancelResponse> Cancel(CancelRequest request, ServerCallContext context)
    {
        Cancelled = request.JobId;
        return Task.FromResult(new CancelResponse { State = JobState.Cancelled });
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
