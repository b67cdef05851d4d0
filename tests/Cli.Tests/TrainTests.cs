using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    private const string Pair = """{"prompt":"a","chosen":"b","rejected":"c"}""" + "\n";
    private const string StepPair = """{"prompt":"a","prefix":[],"chosen":"b","rejected":"c"}""" + "\n";
    private const string Labels = """{"prompt":"a","completions":["b"],"labels":[0.5]}""" + "\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("o1coder-train-").FullName;
    private readonly string _data;

    public TrainTests()
    {
        _data = Path.Combine(_folder, "mine.jsonl");
        File.WriteAllText(_data, """{"prompt":"a","completion":"b"}""" + "\n");
    }

    private static WatchResponse Done { get; } = new()
    {
        Ended = new JobEnded
        {
            State = JobState.Done,
            AdapterFolder = "/somewhere/adapter",
            AdapterVersion = "0123456789abcdef",
            EpochLosses = { 1.5, 0.75 },
            Rows = 64,
            SkippedRows = 2,
            Tokens = 12_345,
            Seconds = 75,
            PeakMemoryBytes = 3_100_000_000,
        },
    };

    [Fact]
    public async Task A_job_is_submitted_watched_and_reported()
    {
        await using var training = await ScriptedTraining.StartAsync();
        training.OnWatch = async (stream, cancellation) =>
        {
            await stream.WriteAsync(new WatchResponse { Activity = "loading the model" }, cancellation);
            await stream.WriteAsync(ScriptedTraining.Step(1, 1.5), cancellation);
            await stream.WriteAsync(ScriptedTraining.Step(3, 0.75), cancellation);
            await stream.WriteAsync(Done, cancellation);
        };
        var session = new Session { Folder = _folder };

        Assert.Equal(ExitCodes.Solved, await session.RunAsync(training.Address, "train", "sft", "mine.jsonl", "--rank", "4", "--alpha", "8",
            "--targets", "q_proj,v_proj", "--lr", "5e-4", "--epochs", "2", "--schedule", "cosine", "--warmup", "3", "--seed", "7", "--base", "float32"));

        var job = training.Job!;
        Assert.Equal(TrainingMethod.Sft, job.Method);
        Assert.Equal(_data, job.DataPath);
        Assert.Equal(Path.Combine(_folder, "adapters", "mine-sft"), job.OutputFolder);
        Assert.Equal(new LoraOptions { Rank = 4, Alpha = 8, Targets = { "q_proj", "v_proj" } }, job.Lora);
        Assert.Equal((5e-4, 2, 3, 7UL), (job.Optimizer.LearningRate, job.Optimizer.Epochs, job.Optimizer.WarmupSteps, job.Optimizer.Seed));
        Assert.Equal(LearningRateSchedule.Cosine, job.Optimizer.Schedule);
        Assert.Equal(BasePrecision.Float32, job.BasePrecision);
        Assert.Matches("^train-sft-[0-9a-f]{16}$", job.JobId);

        Assert.Contains("loading the model", session.Out, StringComparison.Ordinal);
        Assert.Contains("step 3/3, epoch 1, loss 0.75, gradient norm 0.5, 128 tokens/s, 0:00 left", session.Out, StringComparison.Ordinal);
        Assert.Contains("Done: adapter 0123456789abcdef in /somewhere/adapter", session.Out, StringComparison.Ordinal);
        Assert.Contains("loss an epoch 1.5 → 0.75; 64 rows (2 too long, left out), 12,345 tokens, 1:15, 3.1 GB at most", session.Out, StringComparison.Ordinal);
        Assert.Equal("", session.Error);
    }

    [Fact]
    public async Task Equal_commands_are_one_job_and_others_another()
    {
        File.WriteAllText(_data, Pair);
        await using var training = await ScriptedTraining.StartAsync();
        training.OnWatch = (stream, cancellation) => stream.WriteAsync(Done, cancellation);
        var names = new List<string>();
        foreach (var seed in new[] { "1", "1", "2" })
        {
            await new Session { Folder = _folder }.RunAsync(training.Address, "train", "dpo", "mine.jsonl", "--seed", seed, "--loss", "ipo", "--beta", "0.2");
            names.Add(training.Job!.JobId);
        }

        Assert.Equal(names[0], names[1]);
        Assert.NotEqual(names[0], names[2]);
        Assert.Equal(new DpoOptions { Beta = 0.2, Loss = PreferenceLoss.Ipo }, training.Job!.Dpo);

        // A finished job answers without training, so data that was changed has to be another job.
        File.AppendAllText(_data, Pair);
        await new Session { Folder = _folder }.RunAsync(training.Address, "train", "dpo", "mine.jsonl", "--seed", "1", "--loss", "ipo", "--beta", "0.2");
        Assert.NotEqual(names[0], training.Job!.JobId);
    }

    [Fact]
    public async Task A_job_goes_on_from_an_adapter_or_from_the_one_that_a_run_kept()
    {
        await using var training = await ScriptedTraining.StartAsync();
        training.OnWatch = (stream, cancellation) => stream.WriteAsync(Done, cancellation);
        var start = Directory.CreateDirectory(Path.Combine(_folder, "start")).FullName;
        var kept = Directory.CreateDirectory(Path.Combine(_folder, "run", "policy")).FullName;
        foreach (var folder in new[] { start, kept })
        {
            File.WriteAllText(Path.Combine(folder, "adapter_config.json"), "{}");
            File.WriteAllText(Path.Combine(folder, "adapter_model.safetensors"), "x");
        }

        File.WriteAllText(_data, Pair);
        await new Session { Folder = _folder }.RunAsync(training.Address, "train", "dpo", "mine.jsonl", "--adapter", "run");
        Assert.Equal(kept, training.Job!.StartAdapter);

        File.WriteAllText(_data, StepPair);
        await new Session { Folder = _folder }.RunAsync(training.Address, "train", "prm", "mine.jsonl", "--loss", "pairs", "--adapter", "start");
        var first = training.Job.JobId;
        Assert.Equal(TrainingMethod.PrmPairs, training.Job.Method);
        Assert.Equal(Path.Combine(_folder, "start"), training.Job.StartAdapter);
        Assert.Null(training.Job.Lora);

        File.WriteAllText(Path.Combine(start, "adapter_model.safetensors"), "y");
        await new Session { Folder = _folder }.RunAsync(training.Address, "train", "prm", "mine.jsonl", "--loss", "pairs", "--adapter", "start");
        Assert.NotEqual(first, training.Job.JobId);
    }

    [Theory]
    [InlineData("--rank is \"0\"; expected a whole number from 1 to 64", "train", "sft", "mine.jsonl", "--rank", "0")]
    [InlineData("--lr is \"NaN\"; expected a number above 0, at most 1", "train", "sft", "mine.jsonl", "--lr", "NaN")]
    [InlineData("FILE is \"gone.jsonl\"; expected a file that exists", "train", "sft", "gone.jsonl")]
    [InlineData("--targets has \"lm_head\"", "train", "sft", "mine.jsonl", "--targets", "q_proj,lm_head")]
    [InlineData("with --adapter expected none of them", "train", "sft", "mine.jsonl", "--adapter", "x", "--rank", "4")]
    [InlineData("--adapter is \"gone\"; there is no such folder", "train", "sft", "mine.jsonl", "--adapter", "gone")]
    [InlineData("--adapter is \".\"; it holds neither adapter_config.json", "train", "dpo", "mine.jsonl", "--adapter", ".")]
    [InlineData("--loss is \"kto\"; expected sigmoid, ipo or hinge", "train", "dpo", "mine.jsonl", "--loss", "kto")]
    [InlineData("--label-smoothing is for --loss sigmoid", "train", "dpo", "mine.jsonl", "--loss", "ipo", "--label-smoothing", "0.1")]
    [InlineData("train prm needs a FILE with the data set", "train", "prm")]
    [InlineData("say how to train: train sft, dpo or prm FILE", "train")]
    public void Bad_input_gets_one_line(string message, params string[] args)
    {
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.BadInput, session.Prepare(args).ExitCode);
        Assert.Contains(message, Assert.Single(session.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"prompt\":\"a\",\"completion\":\"b\"}\n\n{broken\n", ":3: the line is not valid JSON", "sft")]
    [InlineData("{\"prompt\":\"a\",\"completion\":1}\n", ":1: \"completion\" is a number; expected text", "sft")]
    [InlineData(Pair, ":1: the line is a prompt with a chosen and a rejected answer; expected a prompt with a completion", "sft")]
    [InlineData(StepPair, ":1: the line is a prefix with a chosen and a rejected step; expected a prompt with a chosen and a rejected answer", "dpo")]
    [InlineData(Pair, ":1: the line is a prompt with a chosen and a rejected answer; expected a path of steps with labels", "prm")]
    [InlineData(Labels, ":1: the line is a path of steps with labels; expected a prefix with a chosen and a rejected step", "prm", "--loss", "pairs")]
    [InlineData(Labels, ": \"labels\" of example 1 holds 0.5; expected 0 or 1 with --loss hard", "prm", "--loss", "hard")]
    [InlineData("\n", " holds no example; expected at least one", "sft")]
    public void A_broken_data_set_is_refused_before_anything_is_started(string content, string message, string method, params string[] options)
    {
        File.WriteAllText(_data, content);
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.BadInput, session.Prepare(["train", method, "mine.jsonl", .. options]).ExitCode);
        Assert.StartsWith($"o1coder: {_data}{message}", Assert.Single(session.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal("", session.Out);
    }

    [Fact]
    public async Task What_the_trainer_refuses_gets_one_line()
    {
        await using var training = await ScriptedTraining.StartAsync();
        training.OnSubmit = _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "job.data_path: mine.jsonl, line 3: no completion"));
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(training.Address, "train", "sft", "mine.jsonl"));
        Assert.Equal("o1coder: the coordinator refused the request: job.data_path: mine.jsonl, line 3: no completion\n", session.Error);
        Assert.Equal("", session.Out);
    }

    [Fact]
    public async Task A_failed_job_says_why_and_what_is_kept()
    {
        await using var training = await ScriptedTraining.StartAsync();
        training.OnWatch = async (stream, cancellation) =>
        {
            await stream.WriteAsync(ScriptedTraining.Step(1, 1.5), cancellation);
            await stream.WriteAsync(new WatchResponse
            {
                Ended = new JobEnded
                {
                    State = JobState.Failed,
                    Failure = JobFailure.NotFinite,
                    Message = "step 2: the loss is NaN: expected a finite number",
                    AdapterFolder = "/c/1",
                },
            }, cancellation);
        };
        var session = new Session { Folder = _folder };
        Assert.Equal(ExitCodes.BadInput, await session.RunAsync(training.Address, "train", "sft", "mine.jsonl", "--json"));
        Assert.Contains("training failed, a number was not finite: step 2: the loss is NaN: expected a finite number; the last good checkpoint is /c/1",
            session.Error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(session.Out);
        Assert.Equal("error", json.RootElement.GetProperty("outcome").GetString());
        Assert.Equal("/c/1", json.RootElement.GetProperty("adapter_folder").GetString());
        Assert.Equal(1.5, json.RootElement.GetProperty("loss").GetDouble());
    }

    [Fact]
    public async Task The_live_view_lines_its_numbers_up()
    {
        await using var training = await ScriptedTraining.StartAsync();
        training.OnWatch = async (stream, cancellation) =>
        {
            await stream.WriteAsync(ScriptedTraining.Step(2, 1.25), cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        };
        var session = new Session { Folder = _folder, Interactive = true };
        using var stop = new CancellationTokenSource();
        var run = session.RunAsync(training.Address, stop.Token, "train", "sft", "mine.jsonl");
        await session.WaitForOutAsync("tokens a second");
        await stop.CancelAsync();
        await run;
        var text = Regex.Replace(session.Out, "\e\\[[0-9;?]*[A-Za-z]", "");
        Assert.Contains("loss             1.2500", text, StringComparison.Ordinal);
        Assert.Contains("gradient norm    0.5", text, StringComparison.Ordinal);
        Assert.Contains("tokens a second  128", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopping_cancels_the_job_and_says_that_it_goes_on(bool interactive)
    {
        await using var training = await ScriptedTraining.StartAsync();
        var began = new TaskCompletionSource();
        training.OnWatch = async (stream, cancellation) =>
        {
            await stream.WriteAsync(ScriptedTraining.Step(2, 1.25), cancellation);
            began.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        };
        var session = new Session { Folder = _folder, Interactive = interactive };
        using var stop = new CancellationTokenSource();
        var run = session.RunAsync(training.Address, stop.Token, "train", "sft", "mine.jsonl");
        await began.Task;
        await session.WaitForOutAsync(interactive ? "1.2500" : "loss 1.25");
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Cancelled, await run);
        Assert.Equal(training.Job!.JobId, training.Cancelled);
        Assert.Equal("o1coder: stopped after step 2 of 3; the same command goes on from the last checkpoint\n", session.Error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
