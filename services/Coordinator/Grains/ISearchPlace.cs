using System.Threading.Channels;

namespace O1Coder.Coordinator;

/// <summary>Where searches run: here, or in the cluster.</summary>
internal interface ISearchPlace
{
    /// <summary>Runs a search to its end and writes its events as they happen.</summary>
    /// <exception cref="Grpc.Core.RpcException">A service failed; the log says so.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the search is over and the log says so.</exception>
    Task RunAsync(SolvePlan plan, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken);

    /// <summary>Goes on with a search that was broken off, cancelled or failed, and writes all its events, the old ones first.</summary>
    /// <param name="folder">The search.</param>
    /// <param name="held">Its lock, which is let go.</param>
    /// <param name="output">Takes the events.</param>
    /// <param name="cancellationToken">As above.</param>
    /// <exception cref="Grpc.Core.RpcException">FailedPrecondition: it cannot go on; else as above.</exception>
    Task ResumeAsync(SearchFolder folder, SearchLock held, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken);

    /// <summary>Runs a run over many problems to its end and writes its events.</summary>
    /// <exception cref="Grpc.Core.RpcException">A service failed; the run can be taken up again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the run can be taken up again.</exception>
    Task RunManyAsync(ManyFolder folder, ChannelWriter<V1.SolveManyResponse> output, CancellationToken cancellationToken);
}
