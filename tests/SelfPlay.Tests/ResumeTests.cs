using Grpc.Core;

namespace O1Coder.SelfPlay.Tests;

public sealed class ResumeTests
{
    [Fact]
    public async Task A_run_that_is_done_is_known_and_does_nothing_again()
    {
        await using var host = await PlayHost.StartAsync();
        await host.PlayAsync(Fakes.Request("one"));
        var (answers, searches, steps) = (host.Tcg.Answers.Count, host.Policy.PathsWritten.Count, host.Trainer.StepsTaken.Count);
        var before = Contents(host, "one");
        await host.RestartAsync();
        var events = await host.PlayAsync(Fakes.Request("one"));
        Assert.All(events.Where(one => one.StepDone is not null), one => Assert.True(one.StepDone.Known));
        Assert.Equal(23, events[0].Started.DoneSteps);
        Assert.NotNull(events[^1].Finished);
        Assert.Equal((answers, searches, steps), (host.Tcg.Answers.Count, host.Policy.PathsWritten.Count, host.Trainer.StepsTaken.Count));
        Assert.Equal(before, Contents(host, "one"));
    }

    [Fact]
    public async Task Stopped_after_every_item_and_every_step_a_run_comes_to_the_same_data_and_counts_nothing_twice()
    {
        await using var straight = await PlayHost.StartAsync();
        await straight.PlayAsync(Fakes.Request("one"));

        await using var host = await PlayHost.StartAsync();
        var stops = 0;
        for (var finished = false; !finished;)
        {
            // The first new thing that is kept, an item or a step, ends this coordinator.
            var first = -1;
            var events = await host.PlayAsync(Fakes.Request("one"), one =>
            {
                var now = one.Progress?.Done ?? -1;
                first = one.StepStarted is not null ? -1 : first < 0 ? now : first;
                return one.StepDone is { Known: false } || (now > first && first >= 0);
            });
            finished = events[^1].Finished is not null;
            stops++;
            Assert.InRange(stops, 1, 400);
            await host.RestartAsync();
        }

        Assert.InRange(stops, 24, 400);
        Assert.Equal(Texts(straight), Texts(host));
        Assert.Equal(straight.Trainer.Jobs.Count * 3, host.Trainer.StepsTaken.Count);
        Assert.Equal(host.Trainer.StepsTaken.Count, host.Trainer.StepsTaken.Distinct().Count());
        var process = JsonFiles.ReadLines<PathRow>(host.At("one", "data/process-1.jsonl"));
        Assert.Equal(process.Count, process.Select(row => row.Id).Distinct().Count());
        foreach (var record in Directory.GetFiles(host.At("one", "steps")))
        {
            var ours = JsonFiles.TryRead<StepRecord>(record)!;
            var theirs = JsonFiles.TryRead<StepRecord>(straight.At("one", $"steps/{Path.GetFileName(record)}"))!;
            Assert.Equal(theirs.Summary, ours.Summary);
            Assert.Equal(theirs.Metrics, ours.Metrics);
        }

        static List<string> Texts(PlayHost host) =>
        [
            .. new[] { "tcg-sft", "tcg-dpo", "tests" }.Select(name => File.ReadAllText(host.At("one", $"data/{name}.jsonl"))),
            .. JsonFiles.ReadLines<PathRow>(host.At("one", "data/process-1.jsonl"))
                .Select(row => $"{row.Round} {row.Problem} {row.Verdict} {row.Reward} {row.Completion} {string.Join(' ', row.Steps.Select(step => step.Value))}"),
        ];
    }

    [Fact]
    public async Task Killed_at_any_moment_a_run_goes_on_from_what_is_on_the_disk()
    {
        await using var host = await PlayHost.StartAsync();
        var copies = new List<string>();
        var folder = Directory.CreateTempSubdirectory("o1coder-killed-").FullName;
        try
        {
            // What a killed process leaves: the files as they are in the middle of an evaluation, a training, a problem.
            var (evaluations, requests) = (0, 0);
            host.Evaluator.Before = _ => Keep(++evaluations % 4 == 0);
            host.Trainer.Before = (job, step, _) => Keep(step == 2 && !job.EndsWith("sft", StringComparison.Ordinal));
            host.Tcg.Before = _ => Keep(Interlocked.Increment(ref requests) % 9 == 0);
            await host.PlayAsync(Fakes.Request("one"));
            host.Evaluator.Before = _ => Task.CompletedTask;
            host.Trainer.Before = (_, _, _) => Task.CompletedTask;
            host.Tcg.Before = _ => Task.CompletedTask;
            var whole = JsonFiles.ReadLines<PathRow>(host.At("one", "data/process-1.jsonl")).Select(row => row.Completion).ToList();
            Assert.Equal(7, copies.Count);
            foreach (var copy in copies)
            {
                Directory.Delete(host.At("one", ""), recursive: true);
                Copy(copy, host.At("one", ""));
                Directory.CreateDirectory(host.At("one", "steps"));
                File.WriteAllText(host.At("one", "steps/99-torn.json.abcd.tmp"), "{");
                await host.RestartAsync();
                var steps = Directory.Exists(Path.Combine(copy, "steps")) ? Directory.GetFiles(Path.Combine(copy, "steps")).Length : 0;
                var events = await host.PlayAsync(Fakes.Request("one"));
                Assert.Equal(steps, events[0].Started.DoneSteps);
                Assert.NotNull(events[^1].Finished);
                Assert.Equal(whole, JsonFiles.ReadLines<PathRow>(host.At("one", "data/process-1.jsonl")).Select(row => row.Completion));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        // One at a time; whoever asks stands still meanwhile.
        Task Keep(bool now)
        {
            lock (copies)
            {
                if (now)
                {
                    copies.Add(Path.Combine(folder, $"{copies.Count}"));
                    Copy(host.At("one", ""), copies[^1]);
                }
            }

            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task The_unfinished_run_of_equal_settings_goes_on_without_being_named()
    {
        await using var host = await PlayHost.StartAsync();
        var first = await host.PlayAsync(Fakes.Request(), one => one.StepDone?.Step == 3);
        var run = first[0].Started.Run;
        Assert.StartsWith("selfplay-", run, StringComparison.Ordinal);
        await host.RestartAsync();
        var other = await host.PlayAsync(Fakes.Request("other", seed: 9), one => one.StepDone?.Step == 1);
        Assert.Equal(0, other[0].Started.DoneSteps);
        await host.RestartAsync();
        var again = await host.PlayAsync(Fakes.Request());
        Assert.Equal((run, 3), (again[0].Started.Run, Math.Min(3, again[0].Started.DoneSteps)));
        Assert.NotNull(again[^1].Finished);
        Assert.Equal(run, new DirectoryInfo(Path.Combine(host.Runs, "latest")).LinkTarget);
    }

    [Fact]
    public async Task Cancelling_a_training_cancels_the_job_within_a_second_and_the_same_job_goes_on()
    {
        await using var host = await PlayHost.StartAsync();
        host.Trainer.Before = (_, step, token) => step == 2 ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask;
        var play = host.PlayAsync(Fakes.Request("one"), one => one.Progress is { HasLoss: true, Done: 1 });
        await play.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await WaitAsync(() => !host.Trainer.Cancelled.IsEmpty);
        Assert.Equal("one.04-tcg-sft", Assert.Single(host.Trainer.Cancelled));
        host.Trainer.Before = (_, _, _) => Task.CompletedTask;
        await host.RestartAsync();
        Assert.NotNull((await host.PlayAsync(Fakes.Request("one")))[^1].Finished);
        Assert.Equal(["one.04-tcg-sft 1", "one.04-tcg-sft 2", "one.04-tcg-sft 3"], host.Trainer.StepsTaken.Take(3));
    }

    [Theory]
    [InlineData("data/tests.jsonl", "step 9, tests: data/tests.jsonl is not what it wrote")]
    [InlineData("adapters/tcg-sft/adapter_model.safetensors", "step 4, tcg-sft: adapters/tcg-sft/adapter_model.safetensors is not what it wrote")]
    [InlineData("problems.jsonl", "step 3, tcg-sft-data: problems.jsonl is not what it read")]
    public async Task A_file_that_was_changed_is_noticed_and_nothing_is_done_with_it(string file, string expected)
    {
        await using var host = await PlayHost.StartAsync();
        await host.PlayAsync(Fakes.Request("one"), one => one.StepDone?.Step == 11);
        await host.RestartAsync();
        await File.AppendAllTextAsync(host.At("one", file), "\n", TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(() => host.PlayAsync(Fakes.Request("one")));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains(expected, error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("delete steps/", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_comes_back_soon_is_waited_for_and_adapters_are_loaded_again()
    {
        await using var host = await PlayHost.StartAsync();
        var calls = 0;
        host.Tcg.Before = _ =>
        {
            // Every fifth call finds nobody, and Policy has forgotten its adapters when it is back.
            if (Interlocked.Increment(ref calls) % 5 == 0)
            {
                host.Policy.Adapters.Clear();
                throw LoopEvaluator.Away("tcg");
            }

            return Task.CompletedTask;
        };
        Assert.NotNull((await host.PlayAsync(Fakes.Request("one")))[^1].Finished);
    }

    [Fact]
    public async Task A_service_that_stays_away_ends_the_run_in_one_line_and_the_same_command_goes_on()
    {
        await using var host = await PlayHost.StartAsync();
        host.Evaluator.Before = _ => host.Trainer.StepsTaken.Count >= 9 ? throw LoopEvaluator.Away("policy") : Task.CompletedTask;
        var error = await Assert.ThrowsAsync<RpcException>(() => host.PlayAsync(Fakes.Request("one")));
        Assert.Equal((StatusCode.Unavailable, "step 13, policy-sft-gate: policy is away"), (error.StatusCode, error.Status.Detail));
        host.Evaluator.Before = _ => Task.CompletedTask;
        await WaitAsync(() => CanOpen(host.At("one", "lock")));
        var events = await host.PlayAsync(Fakes.Request("one"));
        Assert.Equal(12, events[0].Started.DoneSteps);
        Assert.NotNull(events[^1].Finished);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_ends_the_run_in_one_line_and_what_is_done_is_kept()
    {
        await using var host = await PlayHost.StartAsync();
        await host.PlayAsync(Fakes.Request("one"), one => one.StepDone?.Step == 1);
        await host.RestartAsync();
        Directory.Delete(host.At("one", "work"), recursive: true);
        await File.WriteAllTextAsync(host.At("one", "work"), "in the way", TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(() => host.PlayAsync(Fakes.Request("one")));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.StartsWith("step 2, tcg-rate-base: ", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(" cannot be read or written: ", error.Status.Detail, StringComparison.Ordinal);
        File.Delete(host.At("one", "work"));
        await WaitAsync(() => CanOpen(host.At("one", "lock")));
        Assert.NotNull((await host.PlayAsync(Fakes.Request("one")))[^1].Finished);
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static bool CanOpen(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Dictionary<string, string> Contents(PlayHost host, string run) =>
        Directory.EnumerateFiles(host.At(run, ""), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("lock" or "lock.pid" or "finished.json"))
            .ToDictionary(file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).ToList())
        {
            var path = Path.Combine(to, Path.GetRelativePath(from, file));
            if (Path.GetFileName(file) == "lock" || file.EndsWith(".tmp", StringComparison.Ordinal))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                File.Copy(file, path);
            }
            catch (FileNotFoundException)
            {
                // A temporary name that was just renamed: a kill a moment earlier.
                continue;
            }
        }
    }
}
