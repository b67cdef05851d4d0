using System.Collections.Concurrent;
using Grpc.Core;
using O1Coder.Learning.Training;

namespace O1Coder.Trainer.Tests;

public sealed class OutputFolderTests : IDisposable
{
    private readonly JobFixture _files = new();
    private readonly ScriptedTrainer _trainer = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_that_has_failed_or_was_cancelled_frees_its_folder(bool fails)
    {
        var taken = new ConcurrentQueue<int>();
        _trainer.Before = (spec, step, cancellation) =>
        {
            if (spec.Optimizer.LearningRate == Other.LearningRate)
            {
                taken.Enqueue(step);
            }
            else if (step == 3)
            {
                StopAt(fails, cancellation);
            }
        };
        await using (var host = await TrainerHost.StartAsync(_trainer, _files.Runs))
        {
            await host.SubmitAsync(_files.Sft("one"));
            await host.WatchAsync("one", until: one => one.Step?.Step == 2);
            if (!fails)
            {
                await host.Client.CancelAsync(new V1.CancelRequest { JobId = "one" }, cancellationToken: Now);
            }

            Assert.Equal(fails ? V1.JobState.Failed : V1.JobState.Cancelled, (await host.EndAsync("one")).State);

            // Its checkpoints are not gone on from, and it is known no more.
            await host.SubmitAsync(Second());
            Assert.Equal(V1.JobState.Done, (await host.EndAsync("two")).State);
            Assert.Equal([1, 2, 3, 4], taken);
            var refused = await Assert.ThrowsAsync<RpcException>(() => host.EndAsync("one"));
            Assert.Equal(StatusCode.NotFound, refused.StatusCode);
            refused = await Assert.ThrowsAsync<RpcException>(() => host.SubmitAsync(_files.Sft("one")));
            Assert.Contains("job 'two', with other data or options, writes there", refused.Status.Detail, StringComparison.Ordinal);
        }

        await using var later = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var known = Assert.Single((await later.Client.ListAsync(new V1.ListRequest(), cancellationToken: Now)).Jobs);
        Assert.Equal(("two", V1.JobState.Done), (known.Job.JobId, known.State));
    }

    [Fact]
    public async Task A_job_that_was_forgotten_can_take_its_folder_back_and_begins_anew()
    {
        var blocks = true;
        _trainer.Before = (_, step, cancellation) =>
        {
            if (step == 2 && Volatile.Read(ref blocks))
            {
                StopAt(fails: true, cancellation);
            }
        };
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        await host.SubmitAsync(_files.Sft("one"));
        await host.EndAsync("one");
        await host.SubmitAsync(Second());
        Assert.Equal(V1.JobState.Failed, (await host.EndAsync("two")).State);
        Volatile.Write(ref blocks, false);
        await host.SubmitAsync(_files.Sft("one"));
        var told = await host.WatchAsync("one");
        Assert.Equal([1, 2, 3, 4], told.Where(one => one.Step is not null).Select(one => one.Step.Step));
        Assert.Equal(V1.JobState.Done, told[^1].Ended.State);
        Assert.Equal("one", Assert.Single((await host.Client.ListAsync(new V1.ListRequest(), cancellationToken: Now)).Jobs).Job.JobId);
    }

    [Fact]
    public async Task A_job_that_is_about_to_stop_is_waited_for()
    {
        var (stopping, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _trainer.Before = (spec, step, cancellation) =>
        {
            if (spec.Optimizer.LearningRate != Other.LearningRate && step == 2)
            {
                cancellation.WaitHandle.WaitOne();
                stopping.SetResult();
                go.Task.Wait(Now);
                cancellation.ThrowIfCancellationRequested();
            }
        };
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        await host.SubmitAsync(_files.Sft("one"));
        await host.WatchAsync("one", until: one => one.Step?.Step == 1);
        var cancel = host.Client.CancelAsync(new V1.CancelRequest { JobId = "one" }, cancellationToken: Now).ResponseAsync;
        await stopping.Task.WaitAsync(Now);
        var submit = host.SubmitAsync(Second());
        go.SetResult();
        Assert.Equal(V1.JobState.Cancelled, (await cancel).State);
        await submit;
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("two")).State);
    }

    [Fact]
    public async Task A_job_that_was_interrupted_keeps_its_folder_and_goes_on()
    {
        var blocks = true;
        _trainer.Before = (_, step, cancellation) =>
        {
            if (step == 3 && Volatile.Read(ref blocks))
            {
                StopAt(fails: false, cancellation);
            }
        };
        await using (var host = await TrainerHost.StartAsync(_trainer, _files.Runs))
        {
            await host.SubmitAsync(_files.Sft("one"));
            await host.WatchAsync("one", until: one => one.Step?.Step == 2);
        }

        Volatile.Write(ref blocks, false);
        await using var later = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var refused = await Assert.ThrowsAsync<RpcException>(() => later.SubmitAsync(Second()));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.EndsWith("job 'one', with other data or options, was interrupted there and goes on when it is submitted again", refused.Status.Detail, StringComparison.Ordinal);
        await later.SubmitAsync(_files.Sft("one"));
        Assert.Equal(V1.JobState.Done, (await later.EndAsync("one")).State);
    }

    [Fact]
    public async Task A_job_whose_adapter_was_removed_frees_its_folder()
    {
        await using var host = await TrainerHost.StartAsync(_trainer, _files.Runs);
        var (job, _) = await host.SubmitAsync(_files.Sft("one"));
        await host.EndAsync("one");
        await Assert.ThrowsAsync<RpcException>(() => host.SubmitAsync(Second()));
        Directory.Delete(job.OutputFolder, recursive: true);
        await host.SubmitAsync(Second());
        Assert.Equal(V1.JobState.Done, (await host.EndAsync("two")).State);
    }

    public void Dispose() => _files.Dispose();

    private static V1.OptimizerOptions Other { get; } = new() { LearningRate = 0.5 };

    private static void StopAt(bool fails, CancellationToken cancellation)
    {
        if (fails)
        {
            throw new TrainingException(TrainingFailure.NotFinite, "the loss is NaN");
        }

        cancellation.WaitHandle.WaitOne();
    }

    // Another job, with other options, for the folder of the first.
    private V1.TrainingJob Second()
    {
        var job = _files.Sft("one");
        job.JobId = "two";
        job.Optimizer = Other;
        return job;
    }
}
