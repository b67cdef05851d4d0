using System.Runtime.CompilerServices;
using Grpc.Core;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Programs that searches return.</summary>
internal sealed class SearchedSamples(
    ISearches searches, StepScores steps, EvaluationPlan plan, V1.GetModelResponse model, string adapterFolder, TimeProvider clock)
{
    /// <summary>Makes the searches that are missing of one problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="judge">Judges the programs.</param>
    /// <param name="missing">Numbers of the samples.</param>
    /// <param name="retry">Tries work again that a service failed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">A service failed for good.</exception>
    public async IAsyncEnumerable<EvaluationRecord> DrawAsync(
        EvaluatedProblem problem, ProblemJudge judge, IReadOnlyList<int> missing, EvaluationRetry retry,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var sample in missing)
        {
            var began = clock.GetTimestamp();
            var events = await retry.RunAsync(token => SearchAsync(problem, sample, token), cancellationToken);
            var seconds = clock.GetElapsedTime(began).TotalSeconds;
            yield return await retry.RunAsync(
                token => ReadAsync(problem, judge, sample, events, seconds, token), cancellationToken);
        }
    }

    private async Task<IReadOnlyList<V1.SolveResponse>> SearchAsync(EvaluatedProblem problem, int sample, CancellationToken cancellationToken)
    {
        var options = plan.Options.Clone();
        options.Seed = SampleSeed.Of(plan.Options.Seed, sample);
        var request = new V1.SolveRequest
        {
            Problem = problem.ForSearch(),
            Budget = plan.Budget,
            Options = options,
            Adapter = adapterFolder,
        };
        try
        {
            var events = await searches.RunAsync(request, V1.Priority.Normal, null, cancellationToken);
            WeightsCheck.ThrowUnlessSame(model.Model, events[0].Started?.Model, withAdapter: true);
            return events;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition && problem.Shown.Count == 0
            && error.Status.Detail.StartsWith("tcg:", StringComparison.Ordinal))
        {
            // No test could be agreed on: whoever asks for this program gets none.
            return [];
        }
    }

    private async Task<EvaluationRecord> ReadAsync(
        EvaluatedProblem problem, ProblemJudge judge, int sample, IReadOnlyList<V1.SolveResponse> events, double searched,
        CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var tree = SearchReplay.Rebuild(events.Select(EventMapping.FromWire).OfType<SearchEvent>());
        var finished = events.Count > 0 ? events[^1].Finished : null;
        var program = string.IsNullOrEmpty(finished?.Program) ? null : finished.Program;
        var (verdict, passed, shown) = program is null ? SampleVerdict.None : await judge.JudgeAsync(program, cancellationToken);
        var seconds = searched + clock.GetElapsedTime(began).TotalSeconds;

        // What follows measures the search and is no part of what its program cost.
        var last = await LastSteps.OfAsync(
            tree, problem.View, problem.Shown.Count > 0,
            async text => (await judge.JudgeAsync(text, cancellationToken)).Verdict == V1.Verdict.Accepted);
        var scores = plan.Request.MeasureProcessRewards ? await steps.OfAsync(problem, tree, cancellationToken) : [];
        return EvaluationRecord.Of(
            new V1.EvaluationSample
            {
                ProblemId = problem.Problem.Id,
                Sample = sample,
                Program = program ?? "",
                Verdict = verdict,
                Passed = passed,
                Total = problem.AllTests.Count,
                ShownPassed = shown,
                ShownTotal = problem.Shown.Count,
                GeneratedTokens = Math.Max(tree.Tokens, finished?.Totals?.GeneratedTokens ?? 0),
                Seconds = seconds,
                CorrectPaths = last.CorrectPaths,
                LastStepSamples = last.Samples,
                LastStepPasses = last.Passes,
            },
            scores);
    }
}
