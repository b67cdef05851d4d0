using System.Threading.Channels;

namespace O1Coder.Coordinator;

/// <summary>Runs searches for this service itself.</summary>
internal sealed class Searches(SearchRunner runner, CoordinatorOptions options) : ISearches
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<V1.SolveResponse>> RunAsync(
        V1.SolveRequest request, V1.Priority priority, Action<V1.SolveResponse>? report, CancellationToken cancellationToken)
    {
        var plan = SolveRequestReader.Read(request, options) with { Priority = priority };
        var channel = Channel.CreateUnbounded<V1.SolveResponse>(new UnboundedChannelOptions { SingleReader = true });
        var run = RunAsync(plan, channel.Writer, cancellationToken);
        var events = new List<V1.SolveResponse>();
        await foreach (var one in channel.Reader.ReadAllAsync(CancellationToken.None))
        {
            report?.Invoke(one);
            if (one.Progress is null)
            {
                events.Add(one);
            }
        }

        await run;
        return events;
    }

    private async Task RunAsync(SolvePlan plan, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        try
        {
            await runner.RunAsync(plan, null, resumes: false, output, cancellationToken);
        }
        finally
        {
            output.TryComplete();
        }
    }
}
