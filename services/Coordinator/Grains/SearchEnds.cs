using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>What the end of a search is for who waited for it.</summary>
internal static class SearchEnds
{
    /// <summary>Throws what the search failed with.</summary>
    /// <exception cref="RpcException">It failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void ThrowUnlessDone(StatusCode status, string detail)
    {
        if (status == StatusCode.Cancelled)
        {
            throw new OperationCanceledException(detail);
        }

        if (status != StatusCode.OK)
        {
            throw new RpcException(new Status(status, detail));
        }
    }
}
