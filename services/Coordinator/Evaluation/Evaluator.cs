using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Carries out evaluations; see docs/evaluation.md.</summary>
internal sealed class Evaluator(
    PolicyGenerator generator, AdapterLoader adapters, SandboxRunner sandbox, ISearches searches, StepScores steps,
    WrittenTests tests, CoordinatorOptions options, TimeProvider clock, ILogger<Evaluator> logger) : IEvaluator
{
    private static readonly string[] s_helpers = ["tcg", "prm"];

    // An evaluation that is asked for twice at once is done once, and answered to the second from its log.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _running = new(StringComparer.Ordinal);
    private readonly EvaluationRetry _retry = new(options);

    /// <inheritdoc/>
    public async Task<V1.EvaluationFinished> RunAsync(
        V1.EvaluateRequest request, Func<V1.EvaluateResponse, ValueTask> report, CancellationToken cancellationToken)
    {
        var plan = EvaluationRequestReader.Read(request);
        using var span = CoordinatorTelemetry.Source.StartActivity("evaluation");
        var adapterFolder = request.Adapter.Length == 0 ? "" : AdapterFolder.Find(request.Adapter);
        var model = await adapters.WithAdapterAsync(await generator.GetModelAsync(cancellationToken), adapterFolder, cancellationToken);
        var folder = EvaluationFolder.Of(
            options.RunsFolder, plan, model, await HelpersAsync(plan, cancellationToken), options.Actions);
        span?.SetTag("o1coder.evaluation", folder.Id);
        var alone = _running.GetOrAdd(folder.Id, _ => new SemaphoreSlim(1));
        await alone.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(plan, model, adapterFolder, folder, report, cancellationToken);
        }
        catch (IOException error)
        {
            // A full disk, for example. What is in the log stays good.
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"{folder.Path} cannot be written: {error.Message}"));
        }
        finally
        {
            alone.Release();
        }
    }

    private async Task<V1.EvaluationFinished> RunAsync(
        EvaluationPlan plan, V1.GetModelResponse model, string adapterFolder, EvaluationFolder folder,
        Func<V1.EvaluateResponse, ValueTask> report, CancellationToken cancellationToken)
    {
        folder.Create(plan);
        using var log = EvaluationLog.Open(folder.LogPath);
        using var progress = new EvaluationRun(plan, log, report, clock);
        logger.LogInformation("Evaluation {Evaluation}: {Known} of {Total} samples known", folder.Id, progress.Known, progress.Total);
        await progress.BeginAsync(folder, model.Model);
        var unfinished = plan.Problems.Select(problem => (Problem: problem, Missing: progress.MissingOf(problem)))
            .Where(one => one.Missing.Count > 0).ToList();
        if (unfinished.Count > 0)
        {
            var capabilities = await _retry.RunAsync(sandbox.GetCapabilitiesAsync, cancellationToken);
            var independent = new IndependentSamples(generator, plan, model, folder.Id, clock);
            var searched = new SearchedSamples(searches, steps, plan, model, adapterFolder, clock);
            await ForEachAsync(unfinished, async (one, token) =>
            {
                var judge = new ProblemJudge(sandbox, one.Problem, capabilities);
                progress.RememberInto(judge, one.Problem);
                var samples = plan.Searches
                    ? searched.DrawAsync(one.Problem, judge, one.Missing, _retry, token)
                    : independent.DrawAsync(one.Problem, judge, one.Missing, _retry, token);
                await foreach (var record in samples)
                {
                    await progress.RecordAsync(record, token);
                }
            }, cancellationToken);
        }

        if (plan.Request.MeasureTests)
        {
            await ForEachAsync(
                progress.WithoutTests(),
                async (problem, token) => await progress.RecordAsync(
                    await _retry.RunAsync(inner => tests.OfAsync(problem, plan.Options.Seed, inner), token), token),
                cancellationToken);
        }

        var finished = progress.Finish();
        folder.WriteResult(finished);
        await report(new V1.EvaluateResponse { Finished = finished });
        return finished;
    }

    private async Task ForEachAsync<T>(
        IReadOnlyList<T> items, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                items,
                new ParallelOptions { MaxDegreeOfParallelism = options.EvaluatedProblems, CancellationToken = cancellationToken },
                async (item, token) => await work(item, token));
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    // Which adapters the other services will use: they take one by its name where Policy has it.
    private async Task<V1.ListAdaptersResponse> HelpersAsync(EvaluationPlan plan, CancellationToken cancellationToken)
    {
        var writesTests = plan.Request.MeasureTests || (plan.Searches && plan.Problems.Any(problem => problem.Shown.Count == 0));
        var scoresSteps = plan.Request.MeasureProcessRewards || (plan.Searches && plan.Options.ProcessRewardWeight > 0);
        var used = new V1.ListAdaptersResponse();
        if (writesTests || scoresSteps)
        {
            var all = await adapters.ListAsync(cancellationToken);
            used.Adapters.AddRange(all
                .Where(one => (one.Name == s_helpers[0] && writesTests) || (one.Name == s_helpers[1] && scoresSteps))
                .OrderBy(one => one.Name, StringComparer.Ordinal)
                .Select(one => new V1.Adapter { Name = one.Name, Version = one.Version }));
        }

        return used;
    }
}
