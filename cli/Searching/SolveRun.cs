using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.Searching;

/// <summary>Runs one search on a coordinator and shows it as it goes.</summary>
internal sealed class SolveRun(SolveJob job, Terminal terminal)
{
    private const int MaxMessageBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Searches; every failure has been reported when this returns.</summary>
    /// <param name="coordinator">Where the coordinator answers, for example http://127.0.0.1:7410.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(Uri coordinator, CancellationToken cancellationToken)
    {
        using var presenter = CreatePresenter();
        var view = job.CreateView();
        presenter.Begin(view);
        Ending ending;
        try
        {
            using var handler = CreateHandler(coordinator);
            using var channel = GrpcChannel.ForAddress(coordinator, new GrpcChannelOptions
            {
                HttpHandler = handler,
                MaxReceiveMessageSize = MaxMessageBytes,
                MaxSendMessageSize = MaxMessageBytes,
            });
            var client = new SearchService.SearchServiceClient(channel);
            using var call = client.Solve(
                job.Request, deadline: DateTime.UtcNow + job.Timeout, cancellationToken: cancellationToken);
            await FollowAsync(call.ResponseStream, presenter, next => view = next, view, cancellationToken);
            ending = view.Finished is { } finished
                ? Ending.Of(finished.Outcome)
                : Ending.Failed("the coordinator closed the stream before the search had ended");
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            ending = Ending.Cancelled;
        }
        catch (RpcException exception)
        {
            ending = Ending.Failed(CallFailure.Explain(exception, coordinator, view.HasStarted, job.Timeout));
        }

        presenter.End(view, ending);
        return ending.Error is { } error ? terminal.Report(error) : ending.ExitCode;
    }

    private async Task FollowAsync(IAsyncStreamReader<SolveResponse> stream, IPresenter presenter,
        Action<SearchView> keep, SearchView view, CancellationToken cancellationToken)
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
                presenter.Tick(view);
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

            view = view.Apply(stream.Current);
            keep(view);
            presenter.Show(view, stream.Current);
            next = stream.MoveNext(cancellationToken);
        }
    }

    private IPresenter CreatePresenter() => job switch
    {
        { Json: true } => new JsonPresenter(terminal),
        { Plain: false } when terminal.IsInteractive => new LivePresenter(terminal),
        _ => new PlainPresenter(terminal, terminal.Out),
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
