using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Judges programs by the visible tests in Sandbox.</summary>
internal sealed class SandboxJudge(
    SandboxRunner runner, SolvePlan plan, V1.GetCapabilitiesResponse sandbox, ProgressMeter meter) : IJudge
{
    /// <inheritdoc/>
    public async Task<Judgement> JudgeAsync(string program, bool trace, CancellationToken cancellationToken)
    {
        using var activity = meter.Doing("running tests");
        var (response, cached) = await runner.RunAsync(program, plan.Tests.Visible, sandbox, cancellationToken, trace);
        return new Judgement
        {
            Compiled = response.Compiled,
            Passed = response.Passed,
            Total = plan.Tests.Visible.Count,
            Verdict = response.Verdict.ToString(),
            Message = FirstFailure.InOneLine(response),
            Failure = FirstFailure.InFull(response),
            Excluded = response.Verdict is V1.Verdict.InternalError or V1.Verdict.Unspecified,
            Cached = cached,
        };
    }
}
