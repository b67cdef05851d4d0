using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Has the process reward model score paths.</summary>
internal static class StepScoring
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    /// <summary>r of each step of each path, in [0, 1].</summary>
    /// <param name="context">The step.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="rows">Paths of it.</param>
    /// <param name="adapter">The model's adapter, a folder in the run's; empty for zero-shot.</param>
    /// <param name="name">The name that it is served under.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<IReadOnlyList<double>>> RunAsync(
        StepContext context, V1.Problem problem, IReadOnlyList<PathRow> rows, string adapter, string name, CancellationToken cancellationToken)
    {
        var served = adapter.Length == 0
            ? ""
            : (await context.Services.Adapters.EnsureAsync(context.AdapterPath(adapter), name, cancellationToken)).Name;
        var shown = PlayProblems.ForScoring(problem);
        var scores = new List<IReadOnlyList<double>>();
        foreach (var row in rows)
        {
            var request = new V1.ScoreStepsRequest
            {
                Problem = shown,
                Adapter = served,
                Ticket = new V1.QueueTicket { Priority = V1.Priority.Low, Caller = "self-play" },
            };
            request.Steps.AddRange(row.Steps.Select(step => step.ToWire()));
            var response = await Outages.CallAsync(
                "prm",
                async token => await context.Services.Prm.ScoreStepsAsync(request, deadline: context.Services.In(s_deadline), cancellationToken: token),
                cancellationToken);
            scores.Add(response.Rewards.Count == row.Steps.Count
                ? [.. response.Rewards]
                : throw new RpcException(new Status(StatusCode.Internal, $"prm: {response.Rewards.Count} rewards for {row.Steps.Count} steps")));
        }

        return scores;
    }
}
