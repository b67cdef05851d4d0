using System.Threading.Channels;

namespace O1Coder.Coordinator;

/// <summary>Where searches run: here, or in the cluster.</summary>
internal interface ISearchPlace
{
    /// <summary>Runs a search to its end and writes its events as they happen.</summary>
    /// <exception cref="Grpc.Core.RpcException">A service failed; the log says so.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the search is over and the log says so.</exception>
    Task RunAsync(SolvePlan plan, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken);

    /// <summary>Writes the events of a search after some number, and goes on with it where it has not ended and runs nowhere.</summary>
    /// <exception cref="Grpc.Core.RpcException">NotFound: there is no such search; else as above.</exception>
    Task WatchAsync(string searchId, long after, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken);
}
