using System.Globalization;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Trains an adapter by a job of the trainer. The job's name is the run's and the step's, so that after an interruption
/// the same job goes on and nothing is trained twice.
/// </summary>
/// <param name="name">The step's name; the adapter goes to "adapters/" and this.</param>
/// <param name="title">What it does.</param>
/// <param name="part">The part of Algorithm 1.</param>
/// <param name="iteration">The iteration.</param>
/// <param name="method">What is optimised.</param>
/// <param name="data">The data set, in the run's folder.</param>
/// <param name="start">The adapter to go on from, in the run's folder, by those in use; empty for a new one.</param>
internal sealed class TrainStep(
    string name, string title, int part, int iteration, V1.TrainingMethod method, string data, Func<AdaptersInUse, string> start) : IPlayStep
{
    private static readonly TimeSpan s_submitDeadline = TimeSpan.FromSeconds(60);

    // A long job is watched in several calls: none may hang for ever.
    private static readonly TimeSpan s_watchDeadline = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Title => title;

    /// <inheritdoc/>
    public int Part => part;

    /// <inheritdoc/>
    public int Iteration => iteration;

    private string Output => $"adapters/{name}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Inputs(AdaptersInUse adapters) => [data, .. AdaptersInUse.FilesOf(start(adapters))];

    /// <inheritdoc/>
    public async Task<StepResult> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var rows = File.ReadLines(context.Folder.At(data)).Count(line => line.Length > 0);
        if (rows == 0)
        {
            return new StepResult { Summary = "no examples: nothing to train" };
        }

        var job = JobFor(context);
        var curve = new LossCurve();
        V1.JobEnded ended;
        try
        {
            ended = await context.Services.Outages.RunAsync(token => FollowAsync(context, job, curve, token), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(context, job.JobId);
            throw;
        }

        var curves = curve.Write(context.Folder, name, title);
        var settings = SettingsOf(job, ended);
        var failed = ended.State == V1.JobState.Failed;
        if (failed)
        {
            // Numbers that ran away are an answer, and the loop goes on without this adapter.
            return new StepResult { Outputs = curves, Settings = settings, Metrics = curve.Metrics(), Summary = $"training stopped, no adapter: {ended.Message}" };
        }

        return context.HasAdapter(Output)
            ? new StepResult
            {
                Outputs = [.. AdaptersInUse.FilesOf(Output), .. curves],
                Settings = settings,
                Metrics = curve.Metrics(),
                Summary = $"{ended.Rows} rows, {ended.Tokens} tokens, loss by epoch {string.Join(", ", ended.EpochLosses.Select(Text.Number))}"
                    + (ended.SkippedRows > 0 ? $"; {ended.SkippedRows} rows left out as too long" : ""),
            }
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, $"trainer: job {job.JobId} is done, but {context.Folder.At(Output)} holds no adapter"));
    }

    private V1.TrainingJob JobFor(StepContext context)
    {
        var (plan, limits) = (context.Plan, context.Plan.Limits);
        var from = start(context.Adapters);
        from = context.HasAdapter(from) ? from : "";
        return new V1.TrainingJob
        {
            JobId = $"{context.Folder.Run}.{PlayFolder.Label(context.Number, name)}",
            Method = method,
            DataPath = context.Folder.At(data),
            OutputFolder = context.Folder.At(Output),
            StartAdapter = context.AdapterPath(from),
            Lora = from.Length > 0 ? null : new V1.LoraOptions { Rank = limits.Rank, Alpha = 2 * limits.Rank },
            Optimizer = new V1.OptimizerOptions
            {
                Epochs = method == V1.TrainingMethod.Sft ? limits.SftEpochs : 1,
                MaxRowTokens = limits.MaxRowTokens,
                SkipLongRows = true,
                Seed = context.Seed(4, (ulong)context.Number),
            },
            BasePrecision = plan.Precision,
            CheckpointEvery = limits.CheckpointEvery,
        };
    }

    private static async Task<V1.JobEnded> FollowAsync(
        StepContext context, V1.TrainingJob job, LossCurve curve, CancellationToken cancellationToken)
    {
        await Outages.CallAsync(
            "trainer",
            async token => await context.Services.Trainer.SubmitAsync(
                new V1.SubmitRequest { Job = job }, deadline: context.Services.In(s_submitDeadline), cancellationToken: token),
            cancellationToken);
        V1.JobEnded? ended = null;
        while (ended is null)
        {
            ended = await Outages.CallAsync("trainer", token => WatchAsync(context, job.JobId, curve, token), cancellationToken);
        }

        return ended.State switch
        {
            V1.JobState.Done => ended,
            V1.JobState.Failed when ended.Failure is V1.JobFailure.NotFinite or V1.JobFailure.ExplodingGradient => ended,
            V1.JobState.Interrupted => throw new RpcException(new Status(StatusCode.Unavailable, $"trainer: job {job.JobId} was interrupted: {ended.Message}")),
            _ => throw new RpcException(new Status(StatusCode.FailedPrecondition, $"trainer: job {job.JobId}: {ended.State}: {ended.Message}")),
        };
    }

    private static async Task<V1.JobEnded?> WatchAsync(
        StepContext context, string job, LossCurve curve, CancellationToken cancellationToken)
    {
        using var call = context.Services.Trainer.Watch(
            new V1.WatchRequest { JobId = job, AfterStep = curve.LastStep }, deadline: context.Services.In(s_watchDeadline), cancellationToken: cancellationToken);
        try
        {
            await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (one.Ended is not null)
                {
                    return one.Ended;
                }

                Tell(context, curve, one);
            }
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.DeadlineExceeded)
        {
            return null;
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "the stream ended before the job"));
    }

    private static void Tell(StepContext context, LossCurve curve, V1.WatchResponse one)
    {
        if (one.Step is { } step)
        {
            curve.Add(step);
            context.Report(new V1.StepProgress
            {
                Done = step.Step,
                Total = step.Steps,
                Unit = "step",
                Item = string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch}"),
                Loss = step.Loss,
                SecondsLeft = step.SecondsLeft,
                TokensPerSecond = step.TokensPerSecond,
            });
        }
        else
        {
            context.Report(new V1.StepProgress { Unit = "step", Item = one.Activity });
        }
    }

    // The caller is gone: this call has a short deadline of its own, and what it cannot reach is not running.
    private static async Task StopAsync(StepContext context, string job)
    {
        try
        {
            await context.Services.Trainer.CancelAsync(
                new V1.CancelRequest { JobId = job }, deadline: context.Services.In(context.Services.Options.CancelDeadline), cancellationToken: CancellationToken.None);
        }
        catch (RpcException)
        {
            return;
        }
    }

    private static Dictionary<string, string> SettingsOf(V1.TrainingJob job, V1.JobEnded ended) => new()
    {
        ["job"] = job.JobId,
        ["method"] = job.Method.ToString(),
        ["epochs"] = $"{job.Optimizer.Epochs}",
        ["seed"] = $"{job.Optimizer.Seed}",
        ["rank"] = job.Lora is null ? "that of the start adapter" : $"{job.Lora.Rank}",
        ["base precision"] = job.BasePrecision.ToString(),
        ["longest row"] = $"{job.Optimizer.MaxRowTokens}",
        ["adapter version"] = ended.AdapterVersion,
        ["training seconds"] = Text.Number(ended.Seconds),
        ["peak memory bytes"] = $"{ended.PeakMemoryBytes}",
    };
}
