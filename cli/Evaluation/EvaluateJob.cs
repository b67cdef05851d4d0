using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>An evaluation that has been asked for and can be sent as it is.</summary>
/// <param name="Arms">What is evaluated, one or two: the second is what the first is compared with.</param>
/// <param name="Source">The data set as the user named it.</param>
/// <param name="Out">The results' file, absolute; null for none.</param>
/// <param name="Json">Whether standard output holds one JSON object and nothing else.</param>
/// <param name="Plain">Whether a line-based log is wanted on a terminal too.</param>
internal sealed record EvaluateJob(IReadOnlyList<EvaluatedArm> Arms, string Source, string? Out, bool Json, bool Plain)
{
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(10);

    // No program or rollout of any model that this is built for takes longer; it only keeps a call from hanging for ever.
    private static readonly TimeSpan s_mostPerAttempt = TimeSpan.FromMinutes(5);

    // What a timer of the client takes.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(20);

    /// <summary>The request that all arms share but for the adapter.</summary>
    public EvaluateRequest Request => Arms[0].Request;

    /// <summary>How long the call of one arm may take.</summary>
    public TimeSpan Timeout
    {
        get
        {
            var attempts = (double)Request.Problems.Count * Request.Samples * Math.Max(1, Request.Budget.Rollouts);
            var seconds = Math.Min(s_longest.TotalSeconds, s_slack.TotalSeconds + (attempts * s_mostPerAttempt.TotalSeconds));
            return TimeSpan.FromSeconds(seconds);
        }
    }
}
