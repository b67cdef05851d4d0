using Grpc.Core;
using O1Coder.Cli.Display;
using O1Coder.Cli.Searching;
using O1Coder.Cli.Streaming;
using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>Plays a run on a coordinator and shows it as it goes.</summary>
internal sealed class PlayRun(PlayJob job, Terminal terminal)
{
    // Only keeps a call from hanging for ever; a run that takes longer goes on with the same command.
    private static readonly TimeSpan s_timeout = TimeSpan.FromDays(30);
    private PlayView _view = new();

    /// <summary>Plays; every failure has been reported when this returns.</summary>
    /// <param name="coordinator">Where the coordinator answers.</param>
    /// <param name="cancellationToken">Stops the run; what is done is kept.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(Uri coordinator, CancellationToken cancellationToken)
    {
        using var presenter = CreatePresenter();
        var ending = await PlayAsync(coordinator, presenter, cancellationToken);
        presenter.End(_view, ending);
        if (ending == Ending.Cancelled)
        {
            terminal.Error.WriteLine("o1coder: stopped; the same command goes on from here");
            terminal.Error.Flush();
        }

        return ending.Error is { } error ? terminal.Report(error) : ending.ExitCode;
    }

    private async Task<Ending> PlayAsync(Uri coordinator, IPresenter<PlayView, PlayResponse> presenter, CancellationToken cancellationToken)
    {
        try
        {
            using var channel = CoordinatorChannel.Open(coordinator);
            using var call = new SelfPlayService.SelfPlayServiceClient(channel.Invoker).Play(
                job.Request, deadline: DateTime.UtcNow + s_timeout, cancellationToken: cancellationToken);
            await EventStream.FollowAsync(
                call.ResponseStream, terminal.Clock,
                one =>
                {
                    _view = _view.Apply(one);
                    presenter.Show(_view, one);
                },
                () => presenter.Tick(_view), cancellationToken);
            return _view.Finished is null
                ? Ending.Failed("the coordinator closed the stream before the run had ended; the same command goes on")
                : Ending.Done;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return Ending.Cancelled;
        }
        catch (RpcException exception)
        {
            return Ending.Failed(CallFailure.Explain(exception, coordinator, _view.Started is not null, s_timeout, "run"));
        }
    }

    private IPresenter<PlayView, PlayResponse> CreatePresenter() => job switch
    {
        { Json: true } => new JsonPresenter<PlayView, PlayResponse>(terminal, new PlainPlay(terminal, terminal.Error), PlayResult.Of),
        { Plain: false } when terminal.IsInteractive => new LivePlay(terminal),
        _ => new PlainPlay(terminal, terminal.Out),
    };
}
