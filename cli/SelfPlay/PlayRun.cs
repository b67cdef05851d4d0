using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>Plays a run on a coordinator and shows it as it goes.</summary>
internal sealed class PlayRun(PlayJob job, Terminal terminal)
{
    /// <summary>The largest request or answer, bytes.</summary>
    public const int MaxMessageBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

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
        if (ending == PlayEnding.Cancelled)
        {
            terminal.Error.WriteLine("o1coder: stopped; the same command goes on from here");
            terminal.Error.Flush();
        }

        return ending.Error is { } error ? terminal.Report(error) : ending.ExitCode;
    }

    private async Task<PlayEnding> PlayAsync(Uri coordinator, IPlayPresenter presenter, CancellationToken cancellationToken)
    {
        try
        {
            using var handler = CreateHandler(coordinator);
            using var channel = GrpcChannel.ForAddress(coordinator, new GrpcChannelOptions
            {
                HttpHandler = handler,
                MaxReceiveMessageSize = MaxMessageBytes,
                MaxSendMessageSize = MaxMessageBytes,
            });
            using var call = new SelfPlayService.SelfPlayServiceClient(channel).Play(
                job.Request, deadline: DateTime.UtcNow + s_timeout, cancellationToken: cancellationToken);
            await FollowAsync(call.ResponseStream, presenter, cancellationToken);
            return _view.Finished is null
                ? PlayEnding.Failed("the coordinator closed the stream before the run had ended; the same command goes on")
                : PlayEnding.Done;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return PlayEnding.Cancelled;
        }
        catch (RpcException exception)
        {
            return PlayEnding.Failed(CallFailure.Explain(exception, coordinator, _view.Started is not null, s_timeout, "run"));
        }
    }

    private async Task FollowAsync(IAsyncStreamReader<PlayResponse> stream, IPlayPresenter presenter, CancellationToken cancellationToken)
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

    private IPlayPresenter CreatePresenter() => job switch
    {
        { Json: true } => new JsonPlay(terminal),
        { Plain: false } when terminal.IsInteractive => new LivePlay(terminal),
        _ => new PlainPlay(terminal, terminal.Out),
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
