using System.Threading.Channels;

namespace O1Coder.Coordinator;

/// <summary>Runs searches in this process, without a cluster.</summary>
internal sealed class LocalSearchPlace(SearchRunner runner) : ISearchPlace
{
    /// <inheritdoc/>
    public Task RunAsync(SolvePlan plan, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken) =>
        runner.RunAsync(plan, null, output, cancellationToken);

    /// <inheritdoc/>
    public async Task WatchAsync(string searchId, long after, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        var session = new SearchSession((events, stop) => runner.ResumeAsync(searchId, events, stop));
        try
        {
            await foreach (var one in session.WatchAsync(after, cancellationToken))
            {
                await output.WriteAsync(one, cancellationToken);
            }
        }
        finally
        {
            await session.LeaveAsync();
        }

        SearchEnds.ThrowUnlessDone(session.End.Status, session.End.Detail);
    }
}
