using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Plays a run: o1-Coder's Algorithm 1 as a list of steps, each done exactly when its record stands. Done steps are
/// checked against their hashes and not done again.
/// </summary>
internal sealed class PlayRunner(PlayServices services, RunsFolder runs, ILogger<PlayRunner> logger)
{
    /// <summary>Plays a run to its end, from its first step that is not done.</summary>
    /// <exception cref="RpcException">See SelfPlayService.Play.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was done is kept.</exception>
    public async Task RunAsync(PlayPlan plan, ChannelWriter<V1.PlayResponse> output, CancellationToken cancellationToken)
    {
        var progress = new PlayProgress(output, services.Options.ProgressInterval, services.Clock);
        var model = (await services.Outages.RunAsync(services.Policy.GetModelAsync, cancellationToken)).Model;
        await services.Outages.RunAsync(services.Sandbox.GetCapabilitiesAsync, cancellationToken);
        var (folder, manifest, held) = runs.Open(plan, model);
        using var owned = held;
        var steps = PlaySteps.For(plan);
        await progress.EmitAsync(
            new V1.PlayResponse
            {
                Started = new V1.RunStarted
                {
                    Run = folder.Run,
                    Folder = folder.Path,
                    Steps = steps.Count,
                    DoneSteps = steps.Where((step, i) => folder.ReadRecord(i + 1, step.Name) is not null).Count(),
                    Settings = plan.Settings,
                    Model = model,
                },
            },
            cancellationToken);
        logger.LogInformation("Run {Run}: {Steps} steps, seed {Seed}, in {Folder}", folder.Run, steps.Count, plan.Settings.Seed, folder.Path);
        var records = new List<StepRecord>();
        var adapters = AdaptersInUse.None;
        for (var i = 0; i < steps.Count; i++)
        {
            var known = folder.ReadRecord(i + 1, steps[i].Name);
            if (known is not null)
            {
                Verify(folder, steps[i], known, adapters);
            }
            else
            {
                folder.CopyPolicy(adapters.Policy);
            }

            var record = known ?? await DoAsync(i + 1, steps[i], plan, folder, adapters, records, progress, cancellationToken);
            records.Add(record);
            adapters = adapters.With(record.Keeps);
            if (known is null || i == steps.Count - 1)
            {
                SearchFolder.WriteWhole(folder.At(PlayFolder.Report), RunReport.Write(manifest, plan, records, steps.Count, adapters));
            }

            await progress.EmitAsync(new V1.PlayResponse { StepDone = Done(record, known is not null) }, cancellationToken);
        }

        folder.CopyPolicy(adapters.Policy);
        await ServeAsync(folder, AdaptersInUse.TcgRole, adapters.Tcg, cancellationToken);
        await ServeAsync(folder, AdaptersInUse.PrmRole, adapters.Prm, cancellationToken);
        var seconds = records.Sum(record => record.Seconds);
        if (!File.Exists(folder.EndPath))
        {
            JsonFiles.Write(folder.EndPath, new RunEnd(services.Clock.GetUtcNow(), seconds, adapters.Policy));
        }

        await progress.EmitAsync(
            new V1.PlayResponse
            {
                Finished = new V1.RunFinished
                {
                    ReportPath = folder.At(PlayFolder.Report),
                    PolicyAdapter = adapters.Policy.Length == 0 ? "" : folder.At(PlayFolder.Policy),
                    Seconds = seconds,
                    Summary = RunReport.Summary(records, adapters),
                },
            },
            cancellationToken);
    }

    // For whoever uses the system next: Tcg and Prm take the adapters of these names.
    private async Task ServeAsync(PlayFolder folder, string role, string adapter, CancellationToken cancellationToken)
    {
        if (adapter.Length > 0)
        {
            await services.Outages.RunAsync(token => services.Adapters.EnsureAsync(folder.At(adapter), role, token), cancellationToken);
        }
    }

    private async Task<StepRecord> DoAsync(
        int number, IPlayStep step, PlayPlan plan, PlayFolder folder, AdaptersInUse adapters, IReadOnlyList<StepRecord> records,
        PlayProgress progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var span = CoordinatorTelemetry.Source.StartActivity("self-play step")
            ?.SetTag("o1coder.run", folder.Run).SetTag("o1coder.step", step.Name);
        var items = new ItemStore(folder.At($"work/{PlayFolder.Label(number, step.Name)}"));
        var context = new StepContext(number, step, plan, folder, services, adapters, [.. records], items, progress);
        await progress.EmitAsync(
            new V1.PlayResponse
            {
                StepStarted = new V1.StepStarted { Step = number, Name = step.Name, Title = step.Title, Part = step.Part, Iteration = step.Iteration },
            },
            cancellationToken);
        var inputs = HashesOf(folder, step.Inputs(adapters));
        try
        {
            var result = await step.RunAsync(context, cancellationToken);
            var record = new StepRecord
            {
                Step = number,
                Name = step.Name,
                Title = step.Title,
                Part = step.Part,
                Iteration = step.Iteration,
                Inputs = inputs,
                Outputs = HashesOf(folder, result.Outputs),
                Settings = result.Settings,
                Metrics = [.. result.Metrics.Where(metric => double.IsFinite(metric.Value)).Select(Finite)],
                Keeps = result.Keeps,
                Summary = result.Summary,
                Seconds = context.Seconds,
                GeneratedTokens = context.GeneratedTokens,
                Done = services.Clock.GetUtcNow(),
            };
            folder.WriteRecord(record);
            items.Clear();
            CoordinatorTelemetry.PlaySteps.Add(1, new KeyValuePair<string, object?>("part", step.Part));
            return record;
        }
        catch (Exception error)
        {
            KeepSeconds(context);
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            if (error is RpcException rpc)
            {
                throw new RpcException(new Status(StatusOf(rpc.StatusCode), $"step {number}, {step.Name}: {rpc.Status.Detail}"));
            }

            if (error is IOException or UnauthorizedAccessException)
            {
                throw NotKept($"step {number}, {step.Name}: {folder.Path}", error);
            }

            throw;
        }
    }

    /// <summary>A full disk, for example: what is done stays good.</summary>
    public static RpcException NotKept(string what, Exception error) =>
        new(new Status(StatusCode.FailedPrecondition, $"{what} cannot be read or written: {error.Message.ReplaceLineEndings(" ")}"));

    // Where the disk is full this fails too, which is no news.
    private void KeepSeconds(StepContext context)
    {
        try
        {
            context.KeepSeconds();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The time of step {Step} is not kept: {Failure}", context.Number, error.Message);
        }
    }

    // An interval that no sample gave has no width.
    private static StepMetric Finite(StepMetric metric) => metric with
    {
        Low = double.IsFinite(metric.Low) ? metric.Low : metric.Value,
        High = double.IsFinite(metric.High) ? metric.High : metric.Value,
    };

    // The request was valid: what a step's service refuses is not the caller's fault.
    private static StatusCode StatusOf(StatusCode status) => status switch
    {
        StatusCode.FailedPrecondition or StatusCode.Unavailable => status,
        StatusCode.NotFound or StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };

    private static IReadOnlyList<FileHash> HashesOf(PlayFolder folder, IEnumerable<string> paths) =>
        [.. paths.Select(path => FileHash.Of(folder.Path, path))];

    private static void Verify(PlayFolder folder, IPlayStep step, StepRecord record, AdaptersInUse adapters)
    {
        foreach (var (was, kind) in record.Outputs.Select(file => (file, "output")).Concat(record.Inputs.Select(file => (file, "input"))))
        {
            if (FileHash.Of(folder.Path, was.Path) != was)
            {
                Refuse($"{was.Path} is not what {(kind == "output" ? "it wrote" : "it read")}");
            }
        }

        if (!step.Inputs(adapters).SequenceEqual(record.Inputs.Select(file => file.Path)))
        {
            Refuse("it read other files than it would now");
        }

        void Refuse(string what) => throw new RpcException(new Status(
            StatusCode.FailedPrecondition,
            $"run {folder.Run}, step {record.Step}, {record.Name}: {what}; put it back, or delete {PlayFolder.RecordName(record.Step, record.Name)}, all later ones and what these steps left in adapters/ to do them again"));
    }

    private static V1.StepDone Done(StepRecord record, bool known)
    {
        var done = new V1.StepDone
        {
            Step = record.Step,
            Name = record.Name,
            Seconds = record.Seconds,
            GeneratedTokens = record.GeneratedTokens,
            Summary = record.Summary,
            Known = known,
        };
        done.Metrics.AddRange(record.Metrics.Select(metric => metric.ToWire()));
        return done;
    }
}
