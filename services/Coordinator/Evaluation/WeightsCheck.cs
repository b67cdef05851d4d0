using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Sees to it that all samples of an evaluation are of the same weights.</summary>
internal static class WeightsCheck
{
    /// <summary>Refuses other weights than those that are evaluated, for example after Policy was started with another model.</summary>
    /// <param name="expected">The weights that are evaluated.</param>
    /// <param name="answered">Those that answered.</param>
    /// <param name="withAdapter">Whether <paramref name="answered"/> tells the adapter.</param>
    /// <exception cref="RpcException">FailedPrecondition: they differ.</exception>
    public static void ThrowUnlessSame(V1.ModelIdentity expected, V1.ModelIdentity? answered, bool withAdapter)
    {
        if (answered?.ModelId != expected.ModelId || answered.ModelHash != expected.ModelHash)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"the model changed while it was evaluated: {answered?.ModelId} ({answered?.ModelHash}), expected {expected.ModelId} ({expected.ModelHash})"));
        }

        if (withAdapter && answered.AdapterVersion != expected.AdapterVersion)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"the adapter changed while it was evaluated: version '{answered.AdapterVersion}', expected '{expected.AdapterVersion}'"));
        }
    }
}
