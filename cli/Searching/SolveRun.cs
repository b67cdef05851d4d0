using Grpc.Core;
using O1Coder.Cli.Display;
using O1Coder.Cli.Streaming;
using O1Coder.V1;

namespace O1Coder.Cli.Searching;

/// <summary>Runs one search on a coordinator and shows it as it goes.</summary>
internal sealed class SolveRun(SolveJob job, Terminal terminal)
{
    /// <summary>Searches; every failure has been reported when this returns.</summary>
    /// <param name="coordinator">Where the coordinator answers, for example http://127.0.0.1:7410.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public async Task<int> RunAsync(Uri coordinator, CancellationToken cancellationToken)
    {
        using var presenter = CreatePresenter();
        var view = job.CreateView();
        Ending ending;
        try
        {
            using var channel = CoordinatorChannel.Open(coordinator);
            var client = new SearchService.SearchServiceClient(channel.Invoker);
            using var call = client.Solve(
                job.Request, deadline: DateTime.UtcNow + job.Timeout, cancellationToken: cancellationToken);
            await EventStream.FollowAsync(
                call.ResponseStream, terminal.Clock,
                one =>
                {
                    view = view.Apply(one);
                    presenter.Show(view, one);
                },
                () => presenter.Tick(view), cancellationToken);
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

    private IPresenter<SearchView, SolveResponse> CreatePresenter() => job switch
    {
        { Json: true } => new JsonPresenter<SearchView, SolveResponse>(terminal, new PlainSearch(terminal, terminal.Error), SolveResult.Of),
        { Plain: false } when terminal.IsInteractive => new LiveSearch(terminal),
        _ => new PlainSearch(terminal, terminal.Out),
    };
}
