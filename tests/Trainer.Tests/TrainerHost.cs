using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using O1Coder.ServiceDefaults;

namespace O1Coder.Trainer.Tests;

/// <summary>The service on a free port, with a scripted trainer and the tiny golden model.</summary>
internal sealed class TrainerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private TrainerHost(WebApplication app)
    {
        _app = app;
        _channel = GrpcChannel.ForAddress(app.Urls.First());
        Client = new V1.TrainerService.TrainerServiceClient(_channel);
    }

    public V1.TrainerService.TrainerServiceClient Client { get; }

    public static string Model { get; } = Path.Combine(Repository.Root, "tests", "Golden.Tests", "data", "tiny-qwen2");

    public static async Task<TrainerHost> StartAsync(ITrainer trainer, string runs)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["O1CODER_MODEL"] = Model;
        builder.Configuration["O1CODER_RUNS"] = runs;
        builder.AddServiceDefaults().AddTrainerServices();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Replace(ServiceDescriptor.Singleton(trainer));
        var app = builder.Build();
        app.MapGrpcService<TrainerGrpcService>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TrainerHost(app);
    }

    public async Task<(V1.TrainingJob Job, V1.JobState State)> SubmitAsync(V1.TrainingJob job)
    {
        var answer = await Client.SubmitAsync(new V1.SubmitRequest { Job = job }, cancellationToken: TestContext.Current.CancellationToken);
        return (answer.Job, answer.State);
    }

    /// <summary>Everything that Watch tells.</summary>
    public async Task<List<V1.WatchResponse>> WatchAsync(string job, int afterStep = 0, Func<V1.WatchResponse, bool>? until = null)
    {
        var responses = new List<V1.WatchResponse>();
        using var call = Client.Watch(
            new V1.WatchRequest { JobId = job, AfterStep = afterStep }, cancellationToken: TestContext.Current.CancellationToken);
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            responses.Add(call.ResponseStream.Current);
            if (until?.Invoke(call.ResponseStream.Current) == true)
            {
                break;
            }
        }

        return responses;
    }

    public async Task<V1.JobEnded> EndAsync(string job) => (await WatchAsync(job))[^1].Ended;

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }
}
