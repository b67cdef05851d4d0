using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Tcg;

/// <summary>Checks a request for training data and fills in what it leaves open.</summary>
internal static class TrainingRequestReader
{
    private const int MostExamples = 64;

    /// <summary>The request with every field set.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: the message names field, value and expectation.</exception>
    public static V1.BuildTcgDataRequest Read(V1.BuildTcgDataRequest given)
    {
        ThrowUnless(given.Kind is V1.TcgDataKind.Sft or V1.TcgDataKind.Dpo, "kind", (int)given.Kind, "1 (sft) or 2 (dpo)");
        ThrowUnless(
            given.ExamplesPerProblem is >= 0 and <= MostExamples, "examples_per_problem", given.ExamplesPerProblem,
            $"a whole number from 1 to {MostExamples}, or 0 for 3");
        for (var i = 0; i < given.Problems.Count; i++)
        {
            ProblemCheck.ThrowUnlessValid(given.Problems[i], $"problems[{i}]");
        }

        var request = given.Clone();
        request.ExamplesPerProblem = given.ExamplesPerProblem == 0 ? 3 : given.ExamplesPerProblem;
        return request;
    }
}
