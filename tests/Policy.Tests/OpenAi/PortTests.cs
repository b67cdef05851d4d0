using System.Net;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using O1Coder.Policy.OpenAi;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.Tests;

/// <summary>The ports as the AppHost asks for them.</summary>
public sealed class PortTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_asked_for_port_speaks_http_1_beside_grpc_and_health()
    {
        var (app, port) = await StartAsync(asked: true);
        await using var running = app;
        using var client = new HttpClient();
        using var channel = GrpcChannel.ForAddress(app.Urls.First());

        Assert.Equal(3, app.Urls.Count);
        Assert.Contains("\"o1coder\"", await WhenLoaded(client, $"http://127.0.0.1:{port}/v1/models"), StringComparison.Ordinal);
        var model = await new V1.PolicyService.PolicyServiceClient(channel).GetModelAsync(new(), cancellationToken: Cancellation);
        Assert.Equal(EmbeddedModel.Shared.Id, model.Model.ModelId);
        Assert.Equal("Healthy", await client.GetStringAsync(app.Urls.Single(url => url.EndsWith($":{port + 1}", StringComparison.Ordinal)) + "/health", Cancellation));
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Without_a_port_nothing_is_served()
    {
        var (app, port) = await StartAsync(asked: false);
        await using var running = app;
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port + 1}/v1/models"), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await app.StopAsync(Cancellation);
    }

    private static async Task<string> WhenLoaded(HttpClient client, string address)
    {
        while (true)
        {
            using var answer = await client.GetAsync(new Uri(address), Cancellation);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return await answer.Content.ReadAsStringAsync(Cancellation);
            }
        }
    }

    // Ports are fixed here, and another process may take one in between: then others are tried.
    private static async Task<(WebApplication App, int Port)> StartAsync(bool asked)
    {
        while (true)
        {
            var port = FreePort.Find();
            var builder = WebApplication.CreateBuilder(
            [
                "--urls", "http://127.0.0.1:0", "--O1CODER_MODEL", EmbeddedModel.Folder,
                "--O1CODER_HEALTH_PORT", $"{port + 1}", "--O1CODER_OPENAI_PORT", asked ? $"{port}" : "0",
            ]);
            builder.AddServiceDefaults().AddPolicyServices();
            builder.Logging.ClearProviders();
            builder.Services.Replace(ServiceDescriptor.Singleton<IModelLoader>(new Loader()));
            var app = builder.Build();
            app.MapDefaultEndpoints();
            app.MapGrpcService<PolicyGrpcService>();
            app.MapOpenAiWhereAsked();
            try
            {
                await app.StartAsync(Cancellation);
                return (app, port);
            }
            catch (IOException)
            {
                await app.DisposeAsync();
            }
        }
    }

    private sealed class Loader : IModelLoader
    {
        public LoadedModel Load(CancellationToken cancellationToken) => new(EmbeddedModel.Shared, new ScriptedEngine(), TimeSpan.Zero);
    }
}
