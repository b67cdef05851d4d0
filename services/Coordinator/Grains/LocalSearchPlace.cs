using System.Threading.Channels;

namespace O1Coder.Coordinator;

/// <summary>Runs searches in this process, without a cluster.</summary>
internal sealed class LocalSearchPlace(SearchRunner runner, ManyRuns runs) : ISearchPlace
{
    /// <inheritdoc/>
    public Task RunAsync(SolvePlan plan, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken) =>
        runner.RunAsync(plan, null, resumes: true, output, cancellationToken);

    /// <inheritdoc/>
    public async Task ResumeAsync(
        SearchFolder folder, SearchLock held, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        using (held)
        {
            await runner.ResumeAsync(folder, held, output, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task RunManyAsync(ManyFolder folder, ChannelWriter<V1.SolveManyResponse> output, CancellationToken cancellationToken) =>
        runs.RunAsync(folder, output, cancellationToken);
}
