using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>How a search or a run ended, for who waited for it in another process: errors of gRPC do not travel as they are.</summary>
/// <param name="Status">OK, or what it failed with.</param>
/// <param name="Detail">Why.</param>
[GenerateSerializer, Immutable]
internal sealed record WorkEnd([property: Id(0)] StatusCode Status, [property: Id(1)] string Detail)
{
    /// <summary>None: another coordinator takes it up.</summary>
    public static WorkEnd Elsewhere { get; } = new(StatusCode.Aborted, "it goes on elsewhere");

    /// <summary>Throws what the work failed with.</summary>
    /// <exception cref="RpcException">It failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void ThrowUnlessDone()
    {
        if (Status == StatusCode.Cancelled)
        {
            throw new OperationCanceledException(Detail);
        }

        if (Status != StatusCode.OK)
        {
            throw new RpcException(new Status(Status, Detail));
        }
    }
}
