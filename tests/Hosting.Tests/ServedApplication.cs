using Aspire.Hosting.Dashboard;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using O1Coder.Hosting.ResourceService;
using ResourceServiceClient = O1Coder.Hosting.ResourceService.ResourceService.ResourceServiceClient;

namespace O1Coder.Hosting.Tests;

/// <summary>An application whose resources are served to a dashboard, and a client in its place.</summary>
internal sealed class ServedApplication : IAsyncDisposable
{
    private readonly Lazy<GrpcChannel> _channel;

    public ServedApplication()
    {
        Application = new TestApplication("Shown");
        Application.Builder.Configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "http://127.0.0.1:0";
        _channel = new Lazy<GrpcChannel>(() => GrpcChannel.ForAddress(Host.Url!));
    }

    public TestApplication Application { get; }

    public ResourceServiceClient Client => new(_channel.Value);

    private ResourceServiceHost Host => Application.App.Services.GetRequiredService<ResourceServiceHost>();

    /// <summary>A call with the key.</summary>
    public CallOptions Options() => Options(Host.Key);

    /// <summary>A call with a key, or with none.</summary>
    public static CallOptions Options(string? key) => new(
        key is null ? [] : new Metadata { { ResourceServiceHost.KeyHeader, key } }, cancellationToken: TestApplication.Limit);

    /// <summary>The first state of a resource that fulfils the predicate.</summary>
    public static async Task<Resource> ReadAsync(AsyncServerStreamingCall<ResourcesChange> call, ResourcesChange? already, Func<Resource, bool> predicate)
    {
        var change = already;
        while (true)
        {
            if (change?.Changed.FirstOrDefault(predicate) is { } found)
            {
                return found;
            }

            Assert.True(await call.ResponseStream.MoveNext(TestApplication.Limit).WaitAsync(TimeSpan.FromSeconds(30), TestApplication.Limit));
            change = call.ResponseStream.Current;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        _channel.Value.Dispose();
    }
}
