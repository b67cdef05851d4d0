using System.Threading.Channels;
using Google.Protobuf;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// The search of one problem of a run, a grant at a time: it goes on from its log, makes the rollouts that were granted, and is
/// put down again, so that what waits takes no memory and no open file.
/// </summary>
internal sealed class ProblemSearch(SearchRunner runner, CoordinatorOptions options, TimeProvider clock)
{
    /// <inheritdoc cref="IProblemWork.GrantAsync"/>
    public async Task<GrantResult> GrantAsync(
        string runId, string problem, long place, int rollouts, bool last, CancellationToken cancellationToken)
    {
        var run = ManyFolder.Find(options.RunsFolder, runId);
        var header = run.ReadRequest();
        var budget = ManyRequestReader.Header(header, 1).Budget;
        var folder = SearchFolder.New(run.SearchesPath, problem);
        using var gate = new PausingGate(rollouts, budget.Grant, last);
        var events = Channel.CreateUnbounded<V1.SolveResponse>(new UnboundedChannelOptions { SingleReader = true });
        try
        {
            if (File.Exists(folder.RequestPath))
            {
                using var held = await SearchLock.TakeAsync(folder, clock, cancellationToken);
                await runner.ResumeAsync(folder, held, events.Writer, cancellationToken, gate);
            }
            else
            {
                var request = ManyRequestReader.SearchOf(header, run.ReadProblem(place), budget.RolloutsEach);
                var plan = SolveRequestReader.Read(request, options) with { Priority = V1.Priority.Normal };
                await runner.RunAsync(plan, folder, resumes: false, events.Writer, cancellationToken, gate);
            }
        }
        catch (OperationCanceledException) when (gate.Paused.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var standing = gate.Standing;
            return new GrantResult(standing.Rollouts, standing.Tokens, standing.SandboxRuns, standing.BestValue, standing.Passed, null);
        }

        return ResultOf(problem, Drain(events.Reader), gate.Standing);
    }

    private static List<V1.SolveResponse> Drain(ChannelReader<V1.SolveResponse> events)
    {
        var all = new List<V1.SolveResponse>();
        while (events.TryRead(out var one))
        {
            if (one.Progress is null)
            {
                all.Add(one);
            }
        }

        return all;
    }

    private static GrantResult ResultOf(string problem, List<V1.SolveResponse> events, Standing asked)
    {
        var tree = SearchReplay.Rebuild(events.Select(EventMapping.FromWire).OfType<SearchEvent>());
        var standing = Standing.Of(tree, Math.Max(asked.Rollouts, tree.Rollouts));
        var finished = events[^1].Finished;
        var answer = new V1.ProblemAnswered
        {
            ProblemId = problem,
            Outcome = finished.Outcome,
            Program = finished.Program,
            Judgement = finished.Judgement,
            Rollouts = standing.Rollouts,
            Tokens = standing.Tokens,
            SearchId = problem,
        };
        return new GrantResult(
            standing.Rollouts, standing.Tokens, standing.SandboxRuns, standing.BestValue, standing.Passed, answer.ToByteArray());
    }
}
