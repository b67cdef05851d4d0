using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.Coordinator.Tests;

public sealed class TrainerProxyTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_and_their_answers_go_through()
    {
        var trainer = new ScriptedTrainer();
        await using var service = await ServiceHost.StartAsync(trainer);
        await using var app = await StartAsync(service.Address);
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());
        var client = new V1.TrainerService.TrainerServiceClient(channel);

        var submitted = await client.SubmitAsync(new V1.SubmitRequest { Job = new V1.TrainingJob { JobId = "one" } }, cancellationToken: Now);
        Assert.Equal(V1.JobState.Queued, submitted.State);
        Assert.Equal("one", submitted.Job.JobId);
        Assert.Equal(V1.JobState.Cancelled, (await client.CancelAsync(new V1.CancelRequest { JobId = "one" }, cancellationToken: Now)).State);
        Assert.Equal("one", Assert.Single((await client.ListAsync(new V1.ListRequest(), cancellationToken: Now)).Jobs).Job.JobId);

        using var watch = client.Watch(new V1.WatchRequest { JobId = "one", AfterStep = 2 }, cancellationToken: Now);
        var told = new List<V1.WatchResponse>();
        await foreach (var response in watch.ResponseStream.ReadAllAsync(Now))
        {
            told.Add(response);
        }

        Assert.Equal([3, 4], told.SkipLast(1).Select(one => one.Step.Step));
        Assert.Equal(V1.JobState.Done, told[^1].Ended.State);

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.SubmitAsync(new V1.SubmitRequest { Job = new V1.TrainingJob { JobId = "?" } }, cancellationToken: Now));
        Assert.Equal((StatusCode.InvalidArgument, "job.job_id is '?'"), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task A_watcher_who_leaves_leaves_the_trainer_too()
    {
        var trainer = new ScriptedTrainer();
        await using var service = await ServiceHost.StartAsync(trainer);
        await using var app = await StartAsync(service.Address);
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());
        using var leave = new CancellationTokenSource();
        using var watch = new V1.TrainerService.TrainerServiceClient(channel).Watch(
            new V1.WatchRequest { JobId = "endless" }, cancellationToken: leave.Token);
        Assert.True(await watch.ResponseStream.MoveNext(Now));
        await leave.CancelAsync();
        await trainer.Left.Task.WaitAsync(Now);
    }

    [Fact]
    public async Task A_trainer_that_is_away_is_named()
    {
        await using var app = await StartAsync("http://127.0.0.1:9");
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new V1.TrainerService.TrainerServiceClient(channel).ListAsync(new V1.ListRequest(), cancellationToken: Now));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.StartsWith("the trainer cannot be reached", refused.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(string trainer)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["services:trainer:http:0"] = trainer, [ClusterOptions.ModeVariable] = "none" });
        builder.AddServiceDefaults().AddCoordinator();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGrpcService<TrainerProxy>();
        await app.StartAsync(Now);
        return app;
    }
}
