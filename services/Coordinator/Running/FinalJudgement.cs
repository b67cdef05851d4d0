using Grpc.Core;
using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>
/// Judges the best program once, after the search has ended: by all tests, hidden ones included, but for visible tests
/// that were generated where the problem has hidden ones.
/// </summary>
internal static class FinalJudgement
{
    /// <summary>The judgement.</summary>
    /// <exception cref="RpcException">Unavailable: the sandbox could not come to a verdict.</exception>
    public static async Task<V1.Judgement> OfAsync(
        SandboxRunner sandbox, string program, TestSplit tests, V1.GetCapabilitiesResponse capabilities,
        CancellationToken cancellationToken)
    {
        // Tests that are visible and hidden at once run once; generated ones have no say beside hidden ones.
        var all = tests.Judging;
        var firstHidden = all.Count - tests.Hidden.Count;
        var (response, _) = await sandbox.RunAsync(program, all, capabilities, cancellationToken);
        if (response.Verdict is V1.Verdict.InternalError or V1.Verdict.Unspecified)
        {
            throw new RpcException(new Status(
                StatusCode.Unavailable, $"sandbox: no verdict on the best program: {response.Message}"));
        }

        return new V1.Judgement
        {
            Verdict = response.Verdict,
            Passed = response.Passed,
            Total = all.Count,
            HiddenPassed = response.Results.Count(result => result.Index >= firstHidden && result.Verdict == V1.Verdict.Accepted),
            HiddenTotal = tests.Hidden.Count,
            Message = FirstFailure.InOneLine(response),
        };
    }
}
