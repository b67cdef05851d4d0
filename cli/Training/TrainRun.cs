using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>Submits a job through a coordinator and shows it as it goes. Ctrl+C cancels the job, which can go on later.</summary>
internal sealed class TrainRun(TrainJob job, Terminal terminal)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_submit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_cancel = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    private TrainView _view = new(job);

    /// <summary>Trains; every failure has been reported when this returns.</summary>
    /// <param name="coordinator">Where the coordinator answers.</param>
    /// <param name="cancellationToken">Stops the job.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(Uri coordinator, CancellationToken cancellationToken)
    {
        using var presenter = CreatePresenter();
        using var handler = CreateHandler(coordinator);
        using var channel = GrpcChannel.ForAddress(coordinator, new GrpcChannelOptions { HttpHandler = handler });
        var client = new TrainerService.TrainerServiceClient(channel);
        var ending = await TrainAsync(client, coordinator, presenter, cancellationToken);
        presenter.End(_view, ending);
        if (ending == TrainEnding.Cancelled)
        {
            terminal.Error.WriteLine($"o1coder: {TrainWords.Stopped(_view)}");
            terminal.Error.Flush();
        }

        return ending.Error is { } error ? terminal.Report(error) : ending.ExitCode;
    }

    private async Task<TrainEnding> TrainAsync(
        TrainerService.TrainerServiceClient client, Uri coordinator, ITrainPresenter presenter, CancellationToken cancellationToken)
    {
        try
        {
            await client.SubmitAsync(new SubmitRequest { Job = job.Job }, deadline: DateTime.UtcNow + s_submit, cancellationToken: cancellationToken);
            _view = _view with { IsAccepted = true };
            using var call = client.Watch(
                new WatchRequest { JobId = job.Job.JobId }, deadline: DateTime.UtcNow + s_longest, cancellationToken: cancellationToken);
            await FollowAsync(call.ResponseStream, presenter, cancellationToken);
            return _view.Ended is { } ended
                ? TrainEnding.Of(ended)
                : TrainEnding.Failed("the coordinator closed the stream before the job had ended; the same command watches it again");
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            await CancelAsync(client);
            return TrainEnding.Cancelled;
        }
        catch (RpcException exception)
        {
            return TrainEnding.Failed(CallFailure.Explain(exception, coordinator, _view.IsAccepted, s_submit, "training"));
        }
    }

    private async Task CancelAsync(TrainerService.TrainerServiceClient client)
    {
        try
        {
            await client.CancelAsync(new CancelRequest { JobId = job.Job.JobId }, deadline: DateTime.UtcNow + s_cancel);
        }
        catch (RpcException)
        {
            // The job was never taken on, or the system is going down and takes the job with it.
        }
    }

    private async Task FollowAsync(IAsyncStreamReader<WatchResponse> stream, ITrainPresenter presenter, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_tick, terminal.Clock);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var next = stream.MoveNext(cancellationToken);
        while (true)
        {
            await Task.WhenAny(next, tick);
            if (tick.IsCompleted)
            {
                await tick;
                presenter.Tick(_view);
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }

            if (!next.IsCompleted)
            {
                continue;
            }

            if (!await next)
            {
                return;
            }

            _view = _view.Apply(stream.Current);
            presenter.Show(_view, stream.Current);
            next = stream.MoveNext(cancellationToken);
        }
    }

    private ITrainPresenter CreatePresenter() => job switch
    {
        { Json: true } => new JsonTrain(terminal),
        { Plain: false } when terminal.IsInteractive => new LiveTrain(terminal),
        _ => new PlainTrain(terminal, terminal.Out),
    };

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes it.")]
    private static SocketsHttpHandler CreateHandler(Uri coordinator) => new()
    {
        // A proxy of the environment does not lead back to this machine.
        UseProxy = !coordinator.IsLoopback,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        KeepAlivePingDelay = TimeSpan.FromSeconds(10),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        EnableMultipleHttp2Connections = true,
    };
}
