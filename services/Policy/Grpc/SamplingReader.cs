using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>Turns the sampling parameters of requests into the engine's, field by field checked.</summary>
internal static class SamplingReader
{
    private const int MostStops = 16;
    private const int LongestStop = 1024;

    /// <summary>Reads the parameters.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">InvalidArgument.</exception>
    public static SamplingOptions Read(V1.SamplingParameters? sampling)
    {
        if (sampling is null)
        {
            InvalidArgument.Throw("sampling", null, "parameters with at least max_tokens");
        }

        // Written so that NaN, for which every comparison is false, is refused.
        InvalidArgument.ThrowUnless(sampling.Temperature is >= 0 and <= 5, "sampling.temperature", sampling.Temperature,
            "a number in [0, 5]");
        InvalidArgument.ThrowUnless(sampling.TopK >= 0, "sampling.top_k", sampling.TopK, "0 or more");
        InvalidArgument.ThrowUnless(sampling.TopP is >= 0 and <= 1, "sampling.top_p", sampling.TopP, "a number in [0, 1]");
        InvalidArgument.ThrowUnless(sampling.MaxTokens >= 1, "sampling.max_tokens", sampling.MaxTokens, "1 or more");
        InvalidArgument.ThrowUnless(sampling.Stop.Count <= MostStops, "sampling.stop", $"{sampling.Stop.Count} strings",
            $"at most {MostStops}");
        for (var i = 0; i < sampling.Stop.Count; i++)
        {
            var (stop, field) = (sampling.Stop[i], $"sampling.stop[{i}]");
            InvalidArgument.ThrowUnless(stop.Length is >= 1 and <= LongestStop, field,
                stop.Length == 0 ? "" : $"{stop.Length} characters", $"1 to {LongestStop} characters");
            PromptReader.RequireWellFormed(stop, field);
        }

        return new SamplingOptions
        {
            Temperature = sampling.Temperature,
            TopK = sampling.TopK,
            TopP = sampling.TopP == 0 ? 1 : sampling.TopP,
            MaxTokens = sampling.MaxTokens,
            Stop = [.. sampling.Stop],
            Seed = sampling.Seed,
        };
    }
}
