using System.Runtime.CompilerServices;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// Programs straight from the problem: the likeliest one, or independent ones at a temperature, in as few requests for
/// tokens as Policy allows.
/// </summary>
internal sealed class IndependentSamples(
    PolicyGenerator generator, EvaluationPlan plan, V1.GetModelResponse model, string evaluation, TimeProvider clock)
{
    // What one request to Policy takes at most.
    private const int SamplesPerRequest = 64;

    /// <summary>Draws the samples that are missing of one problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="judge">Judges the programs.</param>
    /// <param name="missing">Numbers of the samples, ascending.</param>
    /// <param name="retry">Tries work again that a service failed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Grpc.Core.RpcException">Policy or Sandbox failed for good.</exception>
    public async IAsyncEnumerable<EvaluationRecord> DrawAsync(
        EvaluatedProblem problem, ProblemJudge judge, IReadOnlyList<int> missing, EvaluationRetry retry,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var batch in missing.GroupBy(sample => sample / SamplesPerRequest))
        {
            // A batch is always asked for as a whole, so that a sample does not depend on where a run was interrupted.
            var first = batch.Key * SamplesPerRequest;
            var count = Math.Min(SamplesPerRequest, plan.Samples - first);
            var began = clock.GetTimestamp();
            var generation = await retry.RunAsync(token => DrawAsync(problem, first, count, token), cancellationToken);
            var share = clock.GetElapsedTime(began).TotalSeconds / count;
            foreach (var sample in batch)
            {
                var judging = clock.GetTimestamp();
                var continuation = generation.Continuations[sample - first];
                var program = PolicyProposer.ProgramOf(problem.View, continuation.Text);
                var (verdict, passed, shown) = program is null
                    ? SampleVerdict.None
                    : await retry.RunAsync(token => judge.JudgeAsync(program, token), cancellationToken);
                yield return EvaluationRecord.Of(
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
                        GeneratedTokens = continuation.Tokens.Count,
                        Seconds = share + clock.GetElapsedTime(judging).TotalSeconds,
                    },
                    []);
            }
        }
    }

    private async Task<Generation> DrawAsync(EvaluatedProblem problem, int first, int count, CancellationToken cancellationToken)
    {
        var request = PolicyProposer.RequestFor(problem.View, plan.Options, new ProposalRequest
        {
            Path = [new SearchTree().Root],
            Action = StepAction.Code,
            Count = count,
            Greedy = plan.Options.Strategy == V1.Strategy.Greedy,
            Seed = SampleSeed.Of(plan.Options.Seed, first),
        });
        request.Adapter = model.Model.Adapter;
        request.Ticket = new V1.QueueTicket { Priority = V1.Priority.Normal, Caller = evaluation };
        var generation = await generator.GenerateAsync(request, model, new ProgressMeter(clock), cancellationToken);
        WeightsCheck.ThrowUnlessSame(model.Model, (await generator.GetModelAsync(cancellationToken)).Model, withAdapter: false);
        return generation;
    }
}
