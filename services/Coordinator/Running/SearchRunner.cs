using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Carries out searches: wires the method to Policy and Sandbox, keeps the log, judges the result.</summary>
internal sealed class SearchRunner(
    PolicyGenerator generator, TestWriter tests, StepRewards rewards, AdapterLoader adapters, SandboxRunner sandbox, CoordinatorOptions options,
    TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<SearchRunner> logger)
{
    /// <summary>Runs one search to its end, writing its events to <paramref name="output"/> as they happen.</summary>
    /// <param name="plan">The search.</param>
    /// <param name="folder">Its folder, which is made; null for a new one in the runs folder.</param>
    /// <param name="resumes">See <see cref="LogLease.Resumes"/>.</param>
    /// <param name="output">Takes the events.</param>
    /// <param name="cancellationToken">Cancels the search, unless this service stops: it then goes on when it starts again.</param>
    /// <exception cref="RpcException">Policy or Sandbox failed; the log says so.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <param name="gate">Says how far it may go; null for as far as its budget reaches.</param>
    /// <param name="caller">The span that asks for it, where it is not this call's own.</param>
    public async Task RunAsync(
        SolvePlan plan, SearchFolder? folder, bool resumes, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken,
        PausingGate? gate = null, ActivityContext caller = default)
    {
        using var span = CoordinatorTelemetry.Source.StartActivity("search", ActivityKind.Internal, caller);
        var (model, capabilities) = await AskAsync(plan, cancellationToken);
        folder ??= SearchFolder.New(options.RunsFolder, SearchFolder.NewId(plan, clock));
        Directory.CreateDirectory(folder.Path);
        using var held = await SearchLock.TakeAsync(folder, clock, cancellationToken);
        folder.WriteRequest(plan.Request);
        using var log = new EventLogWriter(folder.LogPath, LogLease.Of(clock, 0, resumes));
        await RunAsync(new SearchRun(plan, folder, log, output, new ProgressMeter(clock), SearchPast.None), log, model, capabilities, span, gate, cancellationToken);
    }

    /// <summary>
    /// Takes up a search that was broken off, cancelled or failed, and runs it to its end. All its events are written to
    /// <paramref name="output"/>, those of the log first; a search that has finished is told from its log.
    /// </summary>
    /// <param name="folder">The search.</param>
    /// <param name="held">Its lock, which the caller keeps until this has returned.</param>
    /// <param name="output">Takes the events.</param>
    /// <param name="cancellationToken">As for a new search.</param>
    /// <param name="gate">As for a new search.</param>
    /// <exception cref="RpcException">
    /// FailedPrecondition: the log is damaged, or another version, model or setting wrote it; else as for a new search.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ResumeAsync(
        SearchFolder folder, SearchLock held, ChannelWriter<V1.SolveResponse> output, CancellationToken cancellationToken,
        PausingGate? gate = null)
    {
        ArgumentNullException.ThrowIfNull(held);
        using var span = CoordinatorTelemetry.Source.StartActivity("search", ActivityKind.Internal);
        var (read, plan) = ReadBack(folder);
        if (read.Finished)
        {
            foreach (var one in read.Events)
            {
                await output.WriteAsync(one, cancellationToken);
            }

            return;
        }

        var (model, capabilities) = await AskAsync(plan, cancellationToken);
        var spent = File.Exists(folder.LogPath) ? read.SpentSeconds(File.GetLastWriteTimeUtc(folder.LogPath)) : 0;
        var resumes = read.Lease?.Resumes ?? true;
        var lease = LogLease.Of(clock, spent, resumes);
        using var log = File.Exists(folder.LogPath)
            ? EventLogWriter.Continue(folder.LogPath, read, lease)
            : new EventLogWriter(folder.LogPath, lease);
        var past = new SearchPast(read, TimeSpan.FromSeconds(spent));
        await RunAsync(
            new SearchRun(plan with { Priority = resumes ? plan.Priority : V1.Priority.Normal }, folder, log, output, new ProgressMeter(clock), past),
            log, model, capabilities, span, gate, cancellationToken);
    }

    private (EventLog Log, SolvePlan Plan) ReadBack(SearchFolder folder)
    {
        try
        {
            var read = folder.ReadLog();
            var plan = SolveRequestReader.Read(folder.ReadRequest(), options);
            return (read, plan.LacksTests && folder.ReadTests() is { } tests ? plan.With(tests.Tests) : plan);
        }
        catch (InvalidDataException error)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"search {folder.SearchId} cannot go on: {error.Message}"));
        }
    }

    private async Task<(V1.GetModelResponse Model, V1.GetCapabilitiesResponse Capabilities)> AskAsync(
        SolvePlan plan, CancellationToken cancellationToken) => (
            await adapters.WithAdapterAsync(await generator.GetModelAsync(cancellationToken), plan.Adapter, cancellationToken),
            await sandbox.GetCapabilitiesAsync(cancellationToken));

    private async Task RunAsync(
        SearchRun run, EventLogWriter log, V1.GetModelResponse model, V1.GetCapabilitiesResponse capabilities, Activity? span,
        PausingGate? gate, CancellationToken cancellationToken)
    {
        var plan = run.Plan;
        var folder = run.Folder;
        span?.SetTag("o1coder.search", folder.SearchId);
        span?.SetTag("o1coder.problem", plan.Problem.Id);
        logger.LogInformation("Search {Search}: {Method}, seed {Seed}, from event {Event} on. {Split}",
            folder.SearchId, plan.Options.Method, plan.Options.Seed, run.Past.Events.Count + 1, Trace.SplitText(plan.Tests));
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

            await SearchAsync(run, model, capabilities, gate, cancellationToken);
        }
        catch (OperationCanceledException) when (gate is { Paused.IsCancellationRequested: true })
        {
            // No end: the next grant goes on from here.
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A service that stops is no reason to give the search up.
            if (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                log.AppendEnd(LogEnd.Cancelled);
                CountEnd("cancelled");
            }

            throw;
        }
        catch (Exception error)
        {
            // A log that could not go on stays as it was: its own coordinator may take it up again.
            if (run.Past.IsOver)
            {
                log.AppendEnd(new LogEnd(
                    (error as RpcException)?.StatusCode ?? StatusCode.Internal, (error as RpcException)?.Status.Detail ?? error.Message));
            }

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
        SearchRun run, V1.GetModelResponse model, V1.GetCapabilitiesResponse capabilities, PausingGate? gate,
        CancellationToken cancellationToken)
    {
        var plan = run.Plan;
        using var time = new CancellationTokenSource();

        // Each request of a search waits for the one before: all are its critical path.
        var ticket = new V1.QueueTicket { Priority = plan.Priority, Caller = run.Folder.SearchId };

        // Everybody whom a method may ask is there; nobody is asked, nor looked for, by one that does not.
        var adapter = new Lazy<Task<V1.Adapter?>>(() => rewards.AdapterAsync(cancellationToken));
        var request = new SearchRequest(
            plan.Options,
            new SearchBudget { Rollouts = plan.WireBudget.Rollouts, Tokens = plan.WireBudget.Tokens, SandboxRuns = plan.WireBudget.SandboxRuns, Stop = time.Token, Gate = gate, Grant = gate?.Grant ?? 1 },
            new PolicyProposer(generator, plan, model, ticket, run.Meter),
            new SandboxJudge(sandbox, plan, capabilities, run.Meter),
            new PrmEvaluator(rewards, plan, model, adapter, ticket, run.Meter))
        {
            Reflector = new PolicyReflector(generator, plan, model, ticket, run.Meter),
            Comparer = new PrmComparer(rewards, plan, model, adapter, ticket, run.Meter),
        };
        if (run.Past.Events.Count > 0)
        {
            request = LoggedAnswers.Of(run.Past.Events).Before(request, plan);
        }

        var timed = false;
        await foreach (var one in SearchMethods.For(plan.Options.Method).SearchAsync(request, cancellationToken))
        {
            switch (one)
            {
                case SearchStarted:
                    await run.EmitStartedAsync(model.Model, cancellationToken);
                    break;
                case SearchFinished finished:
                    await FinishAsync(run, finished, capabilities, picture: gate is null, cancellationToken);
                    break;
                default:
                    await run.EmitAsync(one, cancellationToken);
                    break;
            }

            // Time runs from here on: what is only told again must come out as it did.
            if (!timed && run.Past.IsOver && plan.WireBudget.Seconds > 0)
            {
                timed = true;
                time.CancelAfter(TimeSpan.FromSeconds(Math.Max(0, plan.WireBudget.Seconds - run.Past.Spent.TotalSeconds)));
            }
        }
    }

    private async Task FinishAsync(
        SearchRun run, SearchFinished finished, V1.GetCapabilitiesResponse capabilities, bool picture, CancellationToken cancellationToken)
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
        if (await run.EmitFinishedAsync(finished, outcome, judgement, picture, cancellationToken) is { } trouble)
        {
            logger.LogWarning("The tree of search {Search} is not there as files: {Reason}", run.Folder.SearchId, trouble);
        }

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
