using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Tcg;

/// <summary>Checks a request and fills in what it leaves open.</summary>
internal static class GenerateRequestReader
{
    private const int Most = 64;

    /// <summary>The job.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static GenerationJob Read(V1.GenerateTestsRequest request)
    {
        ProblemCheck.ThrowUnlessValid(request.Problem, "problem");
        ThrowUnless(request.Count is >= 0 and <= Most, "count", request.Count, $"a whole number from 1 to {Most}, or 0 for 6");
        ThrowUnless(
            !request.HasTemperature || request.Temperature is >= 0 and <= 2, "temperature", request.Temperature, "a number in [0, 2]");
        ThrowUnless(
            request.Programs is 0 or (>= 3 and <= Most), "programs", request.Programs, $"a whole number from 3 to {Most}, or 0 for 12");
        ThrowUnless(
            request.Agreement is 0 or (> 0.5 and <= 1), "agreement", request.Agreement, "a number in (0.5, 1], or 0 for 0.6");
        ThrowUnless(request.Attempts is >= 0 and <= Most, "attempts", request.Attempts, $"a whole number from 1 to {Most}, or 0 for 4");
        var temperature = request.HasTemperature ? request.Temperature : 0.8f;
        return new GenerationJob
        {
            Problem = request.Problem,
            Language = CaseLanguages.Of(request.Problem),
            Count = request.Count == 0 ? 6 : request.Count,
            Adapter = request.HasAdapter ? request.Adapter : null,
            PolicyAdapter = request.PolicyAdapter,
            Seed = request.Seed,
            Temperature = temperature,
            Programs = request.Programs == 0 ? 12 : request.Programs,
            Agreement = request.Agreement == 0 ? 0.6 : request.Agreement,
            Attempts = temperature == 0 ? 1 : request.Attempts == 0 ? 4 : request.Attempts,
        };
    }
}
