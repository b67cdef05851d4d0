using Grpc.Core;
using O1Coder.Learning.Training;

namespace O1Coder.Trainer.Tests;

public sealed class JobTests : IDisposable
{
    private readonly JobFixture _files = new();
    private readonly ScriptedTrainer _trainer = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_runs_and_every_watcher_sees_every_step()
    {
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var (job, _) = await host.SubmitAsync(_files.Sft("one"));

        Assert.Equal(8, job.Lora.Rank);
        Assert.Equal(16, job.Lora.Alpha);
        Assert.Equal(7, job.Lora.Targets.Count);
        Assert.Equal(1e-4, job.Optimizer.LearningRate);
        Assert.Equal(V1.BasePrecision.Bfloat16, job.BasePrecision);

        for (var watcher = 0; watcher < 2; watcher++)
        {
            var told = await host.WatchAsync("one");
            Assert.Equal([1, 2, 3, 4], told.Where(one => one.Step is not null).Select(one => one.Step.Step));
            Assert.Equal(ScriptedTrainer.Loss(3), told.Single(one => one.Step?.Step == 3).Step.Loss);
            var ended = told[^1].Ended;
            Assert.Equal(V1.JobState.Done, ended.State);
            Assert.Equal("0123456789abcdef", ended.AdapterVersion);
            Assert.True(ended.PeakMemoryBytes > 0);
        }

        Assert.Equal([4], (await host.WatchAsync("one", afterStep: 3)).Where(one => one.Step is not null).Select(one => one.Step.Step));
        var listed = Assert.Single((await host.Client.ListAsync(new V1.ListRequest(), cancellationToken: Now)).Jobs);
        Assert.Equal((V1.JobState.Done, 4), (listed.State, listed.LastStep.Step));
    }

    [Fact]
    public async Task Submitting_again_never_trains_twice()
    {
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var (job, _) = await host.SubmitAsync(_files.Sft("one"));
        await host.EndAsync("one");

        // With the defaults spelled out, and without the data: the job is finished.
        File.Delete(job.DataPath);
        Assert.Equal(V1.JobState.Done, (await host.SubmitAsync(job)).State);
        Assert.Single(_trainer.Runs);

        var other = _files.Sft("one");
        other.Optimizer = new V1.OptimizerOptions { Epochs = 2 };
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.SubmitAsync(other));
        Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
        Assert.Contains("job 'one' exists with another optimizer", refused.Status.Detail, StringComparison.Ordinal);

        var same = _files.Sft("two");
        same.OutputFolder = job.OutputFolder;
        refused = await Assert.ThrowsAsync<RpcException>(() => host.SubmitAsync(same));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("expected a folder of its own: job 'one', with other data or options, writes there", refused.Status.Detail, StringComparison.Ordinal);

        Directory.Delete(job.OutputFolder, recursive: true);
        await host.SubmitAsync(_files.Sft("one"));
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("one")).State);
        Assert.Equal(2, _trainer.Runs.Count);
    }

    [Fact]
    public async Task Changed_data_is_not_answered_with_the_adapter_of_the_old()
    {
        var go = new TaskCompletionSource();
        _trainer.Before = (_, _, cancellation) => go.Task.Wait(cancellation);
        await using (var host = await TrainerHost.StartAsync(_trainer, _files.Runs))
        {
            var (job, _) = await host.SubmitAsync(_files.Sft("one"));
            await host.WatchAsync("one", until: one => one.Activity == "loading the model");
            await RefusedAsync(host, job, $"or cancel the job and delete {job.OutputFolder}.checkpoints to train again");
            go.SetResult();
            await host.EndAsync("one");
            await RefusedAsync(host, job, $"or delete {job.OutputFolder} to train again");
            Assert.Equal(V1.JobState.Done, (await host.SubmitAsync(_files.Sft("one"))).State);
        }

        // The service remembers it, and does as it says.
        await using var later = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var again = _files.Sft("one");
        await RefusedAsync(later, again, "to train again");
        Assert.Single(_trainer.Runs);
        Directory.Delete(again.OutputFolder, recursive: true);
        File.AppendAllText(again.DataPath, """{"prompt":"c","completion":"d"}""" + "\n");
        await later.SubmitAsync(again);
        Assert.Equal(V1.JobState.Done, (await later.EndAsync("one")).State);
        Assert.Equal(2, _trainer.Runs.Count);

        static async Task RefusedAsync(TrainerHost host, V1.TrainingJob job, string message)
        {
            var data = await File.ReadAllTextAsync(job.DataPath, Now);
            await File.AppendAllTextAsync(job.DataPath, """{"prompt":"c","completion":"d"}""" + "\n", Now);
            var refused = await Assert.ThrowsAsync<RpcException>(() => host.SubmitAsync(job));
            Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
            Assert.Contains("job 'one' exists with another content of data_path", refused.Status.Detail, StringComparison.Ordinal);
            Assert.Contains(message, refused.Status.Detail, StringComparison.Ordinal);
            await File.WriteAllTextAsync(job.DataPath, data, Now);
        }
    }

    [Fact]
    public async Task A_job_that_could_not_be_kept_leaves_its_name_free()
    {
        // A folder where the file is to be: the job itself is written, its state is not.
        var obstacle = Directory.CreateDirectory(Path.Combine(_files.Runs, "trainer", "one", "state.json"));
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.SubmitAsync(_files.Sft("one")));
        Assert.Contains("the job cannot be kept in", refused.Status.Detail, StringComparison.Ordinal);
        obstacle.Delete();
        await host.SubmitAsync(_files.Sft("one"));
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("one")).State);
    }

    [Fact]
    public async Task A_job_without_a_name_gets_one()
    {
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var (job, _) = await host.SubmitAsync(_files.Sft(""));
        Assert.StartsWith("sft-", job.JobId, StringComparison.Ordinal);
        Assert.Equal(V1.JobState.Done, (await host.EndAsync(job.JobId)).State);
    }

    [Fact]
    public async Task One_job_runs_and_the_others_wait_and_can_be_cancelled()
    {
        var go = new TaskCompletionSource();
        _trainer.Before = (spec, step, cancellation) => go.Task.Wait(cancellation);
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        await host.SubmitAsync(_files.Sft("one"));
        await host.WatchAsync("one", until: one => one.Activity == "loading the model");
        await host.SubmitAsync(_files.Sft("two"));
        await host.SubmitAsync(_files.Sft("three"));
        Assert.Equal("waiting", (await host.WatchAsync("two", until: _ => true))[0].Activity);

        Assert.Equal(V1.JobState.Cancelled, await CancelAsync(host, "two"));
        go.SetResult();
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("one")).State);
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("three")).State);
        Assert.Equal(V1.JobState.Cancelled, (await host.EndAsync("two")).State);
        Assert.Equal(V1.JobState.Done, await CancelAsync(host, "one"));
        Assert.Equal(["three", "two", "one"], (await host.Client.ListAsync(new V1.ListRequest(), cancellationToken: Now)).Jobs.Select(job => job.Job.JobId));

        await host.SubmitAsync(_files.Sft("two"));
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("two")).State);
        Assert.Equal(3, _trainer.Runs.Count);
    }

    [Fact]
    public async Task A_cancelled_job_goes_on_where_it_was()
    {
        var blocks = true;
        _trainer.Before = (spec, step, cancellation) =>
        {
            if (step == 3 && Volatile.Read(ref blocks))
            {
                cancellation.WaitHandle.WaitOne();
            }
        };
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        await host.SubmitAsync(_files.Sft("one"));
        await host.WatchAsync("one", until: one => one.Step?.Step == 2);
        Assert.Equal(V1.JobState.Cancelled, await CancelAsync(host, "one"));
        Assert.Contains("stopped after step 2", (await host.EndAsync("one")).Message, StringComparison.Ordinal);

        Volatile.Write(ref blocks, false);
        await host.SubmitAsync(_files.Sft("one"));
        var told = await host.WatchAsync("one");
        Assert.Equal([1, 2, 3, 4], told.Where(one => one.Step is not null).Select(one => one.Step.Step));
        Assert.Equal(V1.JobState.Done, told[^1].Ended.State);
    }

    [Fact]
    public async Task A_job_that_the_service_ended_under_is_interrupted_and_goes_on()
    {
        var blocks = true;
        _trainer.Before = (spec, step, cancellation) =>
        {
            if (step == 3 && Volatile.Read(ref blocks))
            {
                cancellation.WaitHandle.WaitOne();
            }
        };
        var copy = Path.Combine(_files.Folder, "killed");
        await using (var host = await TrainerHost.StartAsync(_trainer, _files.Runs))
        {
            await host.SubmitAsync(_files.Sft("one"));
            await host.WatchAsync("one", until: one => one.Step?.Step == 2);

            // What kill -9 would leave: the state "running", and a line of the steps that is cut.
            var target = Path.Combine(copy, "trainer", "one");
            Directory.CreateDirectory(target);
            foreach (var file in Directory.GetFiles(Path.Combine(_files.Runs, "trainer", "one")))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }

            await File.AppendAllTextAsync(Path.Combine(target, "steps.jsonl"), "{\"step\":3,\"lo", Now);
        }

        Volatile.Write(ref blocks, false);
        foreach (var runs in new[] { _files.Runs, copy })
        {
            await using var host = await TrainerHost.StartAsync(_trainer, runs);
            var told = await host.WatchAsync("one");
            Assert.Equal([1, 2], told.Where(one => one.Step is not null).Select(one => one.Step.Step));
            Assert.Equal(V1.JobState.Interrupted, told[^1].Ended.State);
            await host.SubmitAsync(_files.Sft("one"));
            told = await host.WatchAsync("one");
            Assert.Equal([1, 2, 3, 4], told.Where(one => one.Step is not null).Select(one => one.Step.Step));
            Assert.Equal(V1.JobState.Done, told[^1].Ended.State);
        }

        await using var later = await TrainerHost.StartAsync(_trainer, copy);
        Assert.Equal(V1.JobState.Done, (await later.SubmitAsync(_files.Sft("one"))).State);
        Assert.Equal(4, (await later.WatchAsync("one")).Count(one => one.Step is not null));
    }

    [Theory]
    [InlineData("not finite", V1.JobFailure.NotFinite, "step 2: the loss is NaN")]
    [InlineData("exploding", V1.JobFailure.ExplodingGradient, "norm is 2000")]
    [InlineData("memory", V1.JobFailure.Memory, "no memory left")]
    [InlineData("storage", V1.JobFailure.Storage, "No space left on device")]
    [InlineData("anything", V1.JobFailure.Internal, "what was that")]
    public async Task A_failure_is_typed_and_names_the_last_checkpoint(string kind, V1.JobFailure failure, string message)
    {
        _trainer.Before = (_, step, _) =>
        {
            if (step == 2)
            {
                throw kind switch
                {
                    "not finite" => new TrainingException(TrainingFailure.NotFinite, message, "/checkpoint"),
                    "exploding" => new TrainingException(TrainingFailure.ExplodingGradient, message, "/checkpoint"),
                    "memory" => new InsufficientMemoryException(message),
                    "storage" => new IOException(message),
                    _ => new InvalidOperationException(message),
                };
            }
        };
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        await host.SubmitAsync(_files.Sft("one"));
        var ended = await host.EndAsync("one");
        Assert.Equal((V1.JobState.Failed, failure, message), (ended.State, ended.Failure, ended.Message));
        Assert.Equal(kind is "not finite" or "exploding" ? "/checkpoint" : "", ended.AdapterFolder);

        // The next job runs, and the failed one can be tried again.
        _trainer.Before = (_, _, _) => { };
        await host.SubmitAsync(_files.Sft("two"));
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("two")).State);
        await host.SubmitAsync(_files.Sft("one"));
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("one")).State);
    }

    [Fact]
    public async Task A_damaged_folder_is_left_alone()
    {
        await using (var host = await TrainerHost.StartAsync(_trainer, _files.Runs))
        {
            await host.SubmitAsync(_files.Sft("good"));
            await host.EndAsync("good");
        }

        // Somebody's copy of a job is not that job a second time.
        var copy = Directory.CreateDirectory(Path.Combine(_files.Runs, "trainer", "good-copy")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(_files.Runs, "trainer", "good")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        var damaged = Directory.CreateDirectory(Path.Combine(_files.Runs, "trainer", "bad")).FullName;
        await File.WriteAllTextAsync(Path.Combine(damaged, "job.json"), "{", Now);
        await using var later = await TrainerHost.StartAsync(_trainer, _files.Runs);
        Assert.Equal("good", Assert.Single((await later.Client.ListAsync(new V1.ListRequest(), cancellationToken: Now)).Jobs).Job.JobId);
        var refused = await Assert.ThrowsAsync<RpcException>(() => later.SubmitAsync(_files.Sft("bad")));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Equal("{", await File.ReadAllTextAsync(Path.Combine(damaged, "job.json"), Now));
    }

    [Fact]
    public async Task Jobs_that_cannot_be_kept_are_refused()
    {
        var file = _files.Write("file", "");
        await using var host = await TrainerHost.StartAsync(_trainer, file);
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.SubmitAsync(_files.Sft("one")));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains("the job cannot be kept in", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(_trainer.Runs);
    }

    public void Dispose() => _files.Dispose();

    private static async Task<V1.JobState> CancelAsync(TrainerHost host, string job) =>
        (await host.Client.CancelAsync(new V1.CancelRequest { JobId = job }, cancellationToken: Now)).State;
}
