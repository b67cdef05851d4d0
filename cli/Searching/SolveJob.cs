using O1Coder.V1;

namespace O1Coder.Cli.Searching;

/// <summary>A search that has been asked for and can be sent as it is.</summary>
/// <param name="Request">The request.</param>
/// <param name="Difficulty">How hard the problem says it is; empty where it says nothing.</param>
/// <param name="Json">Whether standard output holds one JSON object and nothing else.</param>
/// <param name="Plain">Whether a line-based log is wanted on a terminal too.</param>
internal sealed record SolveJob(SolveRequest Request, string Difficulty, bool Json, bool Plain)
{
    // The first answer waits for the model, and the last for the hidden tests and the trace.
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(2);

    // No rollout of any model that this is built for takes longer; it only keeps a call from hanging for ever.
    private static readonly TimeSpan s_mostPerRollout = TimeSpan.FromMinutes(5);

    // What is left of a search that goes on is known where its folder is; no search may take longer.
    private static readonly TimeSpan s_mostForResumed = TimeSpan.FromDays(7);

    // As long as the coordinator lets the test-case generator work.
    private static readonly TimeSpan s_mostForTests = TimeSpan.FromMinutes(10);

    /// <summary>How long the call may take in all: the budget and some slack, and the tests where they are to be written.</summary>
    public TimeSpan Timeout => s_slack + (Request.Problem is { VisibleTests.Count: 0 } ? s_mostForTests : TimeSpan.Zero) + (Request.Budget is null ? s_mostForResumed : Request.Budget.Seconds > 0
        ? TimeSpan.FromSeconds(Request.Budget.Seconds)
        : s_mostPerRollout * Math.Max(1, Request.Budget.Rollouts));

    /// <summary>The state before the first event.</summary>
    public SearchView CreateView() => new()
    {
        ProblemId = Request.Problem?.Id ?? Request.ResumeSearchId,
        Title = Request.Problem?.Title ?? Request.ResumeSearchId,
        Difficulty = Difficulty,
        Method = Request.Options?.Method ?? "",
        Seed = Request.Options?.Seed ?? 0,
        Budget = Request.Budget ?? new Budget(),
        VisibleTests = Request.Problem?.VisibleTests.Count ?? 0,
        HiddenTests = Request.Problem?.HiddenTests.Count ?? 0,
    };
}
