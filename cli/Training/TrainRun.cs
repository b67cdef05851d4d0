using Grpc.Core;
using O1Coder.Cli.Display;
using O1Coder.Cli.Searching;
using O1Coder.Cli.Streaming;
using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>Submits a job through a coordinator and shows it as it goes. Ctrl+C cancels the job, which can go on later.</summary>
internal sealed class TrainRun(TrainJob job, Terminal terminal)
{
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
        using var channel = CoordinatorChannel.Open(coordinator);
        var client = new TrainerService.TrainerServiceClient(channel.Invoker);
        var ending = await TrainAsync(client, coordinator, presenter, cancellationToken);
        presenter.End(_view, ending);
        if (ending == Ending.Cancelled)
        {
            terminal.Error.WriteLine($"o1coder: {TrainWords.Stopped(_view)}");
            terminal.Error.Flush();
        }

        return ending.Error is { } error ? terminal.Report(error) : ending.ExitCode;
    }

    private async Task<Ending> TrainAsync(
        TrainerService.TrainerServiceClient client, Uri coordinator, IPresenter<TrainView, WatchResponse> presenter, CancellationToken cancellationToken)
    {
        try
        {
            await client.SubmitAsync(new SubmitRequest { Job = job.Job }, deadline: DateTime.UtcNow + s_submit, cancellationToken: cancellationToken);
            _view = _view with { IsAccepted = true };
            using var call = client.Watch(
                new WatchRequest { JobId = job.Job.JobId }, deadline: DateTime.UtcNow + s_longest, cancellationToken: cancellationToken);
            await EventStream.FollowAsync(
                call.ResponseStream, terminal.Clock,
                one =>
                {
                    _view = _view.Apply(one);
                    presenter.Show(_view, one);
                },
                () => presenter.Tick(_view), cancellationToken);
            return _view.Ended is { } ended
                ? Ending.Of(ended)
                : Ending.Failed("the coordinator closed the stream before the job had ended; the same command watches it again");
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            await CancelAsync(client);
            return Ending.Cancelled;
        }
        catch (RpcException exception)
        {
            return Ending.Failed(CallFailure.Explain(exception, coordinator, _view.IsAccepted, s_submit, "training"));
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

    private IPresenter<TrainView, WatchResponse> CreatePresenter() => job switch
    {
        { Json: true } => new JsonPresenter<TrainView, WatchResponse>(terminal, new PlainTrain(terminal, terminal.Error), TrainResult.Of),
        { Plain: false } when terminal.IsInteractive => new LiveTrain(terminal),
        _ => new PlainTrain(terminal, terminal.Out),
    };
}
