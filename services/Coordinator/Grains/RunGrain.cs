using System.Threading.Channels;
using Orleans.Concurrency;
using Orleans.Placement;

namespace O1Coder.Coordinator;

/// <summary>A run over many problems as a grain. It shares out the budget; the problems' searches are spread over the cluster.</summary>
[Reentrant]
[ActivationCountBasedPlacement]
internal sealed class RunGrain(ManyRuns runs, CoordinatorOptions options, TimeProvider clock)
    : WatchedGrain<V1.SolveManyResponse>(clock), IRunGrain
{
    /// <inheritdoc/>
    protected override Task ResumeAsync(ChannelWriter<V1.SolveManyResponse> output, CancellationToken cancellationToken) =>
        runs.RunAsync(ManyFolder.Find(options.RunsFolder, this.GetPrimaryKeyString()), output, cancellationToken);

    /// <inheritdoc/>
    protected override long NumberOf(V1.SolveManyResponse one) => 0;

    /// <inheritdoc/>
    protected override bool IsProgress(V1.SolveManyResponse one) => one.Progress is not null;
}
