using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Carries out searches: wires the method to Policy and Sandbox, keeps the log, judges the result.</summary>
internal sealed class SearchRunner(
    PolicyGenerator generator, TestWriter tests, StepRewards rewards, AdapterLoader adapters, SandboxRunner sandbox, CoordinatorOptions options,
    TimeProvider clock, ILogger<SearchRunner> logger)
{
    /// <summary>Runs one search to its end, writing its events to <paramref name="output"/> as they happen.</summary>
    /// <exception cref="RpcException">Policy or Sandbox failed; the log says so.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the log says so.</exception>
    public async Task RunAsync(SolvePlan plan, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken)
    {
        using var span = CoordinatorTelemetry.Source.StartActivity("search", ActivityKind.Internal);
        var model = await adapters.WithAdapterAsync(await generator.GetModelAsync(cancellationToken), plan.Adapter, cancellationToken);
        var capabilities = await sandbox.GetCapabilitiesAsync(cancellationToken);
        var folder = SearchFolder.Create(options.RunsFolder, plan, clock);
        span?.SetTag("o1coder.search", folder.SearchId);
        span?.SetTag("o1coder.problem", plan.Problem.Id);
        logger.LogInformation("Search {Search}: {Method}, seed {Seed}. {Split}",
            folder.SearchId, plan.Options.Method, plan.Options.Seed, Trace.SplitText(plan.Tests));

        using var log = new EventLogWriter(folder.LogPath);
        var run = new SearchRun(plan, folder, log, output, new ProgressMeter(clock));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = ReportAsync(run, ended.Token);
        try
        {
            if (plan.LacksTests)
            {
                run.BeginWritingTests();
                run.TakeTests(await tests.WriteAsync(plan, model, capabilities, run.Meter, cancellationToken));
                logger.LogInformation("Search {Search}: {Split}", folder.SearchId, Trace.SplitText(run.Plan.Tests));
            }

            await SearchAsync(run, model, capabilities, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            log.AppendCancelled();
            CountEnd("cancelled");
            throw;
        }
        catch (Exception error)
        {
            log.AppendFailed((error as RpcException)?.StatusCode ?? StatusCode.Internal, (error as RpcException)?.Status.Detail ?? error.Message);
            CountEnd("failed");
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }
        finally
        {
            await ended.CancelAsync();
            await progress;
        }
    }

    private static void CountEnd(string outcome) =>
        CoordinatorTelemetry.Searches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    private async Task SearchAsync(
        SearchRun run, V1.GetModelResponse model, V1.GetCapabilitiesResponse capabilities, CancellationToken cancellationToken)
    {
        var plan = run.Plan;
        using var time = new CancellationTokenSource();
        if (plan.WireBudget.Seconds > 0)
        {
            time.CancelAfter(TimeSpan.FromSeconds(plan.WireBudget.Seconds));
        }

        // Each request of a search waits for the one before: all are its critical path.
        var ticket = new V1.QueueTicket { Priority = plan.Priority, Caller = run.Folder.SearchId };
        var request = new SearchRequest(
            plan.Options,
            new SearchBudget { Rollouts = plan.WireBudget.Rollouts, Tokens = plan.WireBudget.Tokens, SandboxRuns = plan.WireBudget.SandboxRuns, Stop = time.Token },
            new PolicyProposer(generator, plan, model, ticket, run.Meter),
            new SandboxJudge(sandbox, plan, capabilities, run.Meter),
            plan.Options.ProcessRewardWeight == 0
                ? null
                : new PrmEvaluator(rewards, plan, model, await rewards.AdapterAsync(cancellationToken), ticket, run.Meter));
        await foreach (var one in SearchMethods.For(plan.Options.Method).SearchAsync(request, cancellationToken))
        {
            switch (one)
            {
                case SearchStarted:
                    await run.EmitStartedAsync(model.Model, cancellationToken);
                    break;
                case SearchFinished finished:
                    await FinishAsync(run, finished, capabilities, cancellationToken);
                    break;
                default:
                    await run.EmitAsync(one, cancellationToken);
                    break;
            }
        }
    }

    private async Task FinishAsync(
        SearchRun run, SearchFinished finished, V1.GetCapabilitiesResponse capabilities, CancellationToken cancellationToken)
    {
        V1.Judgement? judgement = null;
        if (finished.Program is { } program)
        {
            using var activity = run.Meter.Doing("running all tests");
            judgement = await FinalJudgement.OfAsync(sandbox, program, run.Plan.Tests, capabilities, cancellationToken);
        }

        var outcome = judgement?.Verdict == V1.Verdict.Accepted ? V1.Outcome.Solved
            : finished.Reason == StopReason.Passed ? V1.Outcome.HiddenTestsFailed
            : V1.Outcome.BudgetSpent;
        await run.EmitFinishedAsync(finished, outcome, judgement, cancellationToken);
        CountEnd(outcome.ToString());
    }

    private async Task ReportAsync(SearchRun run, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.ProgressInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                run.ReportProgress();
            }
        }
        catch (OperationCanceledException)
        {
            logger.LogDebug("Search {Search} reports no more", run.Folder.SearchId);
        }
    }
}
