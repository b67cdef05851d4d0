using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using O1Coder.Inference;
using O1Coder.Policy.OpenAi;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.Tests;

/// <summary>The service as OpenAI's clients see it, over HTTP/1.1 on a free loopback port.</summary>
internal sealed class OpenAiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OpenAiHost(WebApplication app)
    {
        _app = app;
        Address = $"{app.Urls.Single()}/v1";
        Client = new HttpClient { BaseAddress = new Uri(Address + "/"), Timeout = TimeSpan.FromMinutes(1) };
    }

    public string Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts the service and waits until the engine is in place.</summary>
    public static async Task<OpenAiHost> StartAsync(IInferenceEngine engine)
    {
        var host = await StartLoadingAsync(_ => new LoadedModel(EmbeddedModel.Shared, engine, TimeSpan.Zero));
        while (host.Services.GetRequiredService<ModelHost>().Loaded is null)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        return host;
    }

    /// <summary>Starts the service, which begins to load as told.</summary>
    public static async Task<OpenAiHost> StartLoadingAsync(Func<CancellationToken, LoadedModel> load)
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", "--O1CODER_MODEL", EmbeddedModel.Folder]);
        builder.AddServiceDefaults().AddPolicyServices();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1));
        builder.Logging.ClearProviders();
        builder.Services.Replace(ServiceDescriptor.Singleton<IModelLoader>(new Loader(load)));
        var app = builder.Build();
        app.MapOpenAi();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OpenAiHost(app);
    }

    /// <summary>Posts a body and returns the answer's status and JSON.</summary>
    public async Task<(int Status, JsonElement Answer, HttpResponseHeaders Headers)> PostAsync(string path, string body)
    {
        using var response = await SendAsync(path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonDocument.Parse(text).RootElement, response.Headers);
    }

    /// <summary>Posts a body and returns the data of all events of the answer.</summary>
    public async Task<List<string>> StreamAsync(string path, string body)
    {
        using var response = await SendAsync(path, body);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, one => Assert.StartsWith("data: ", one, StringComparison.Ordinal));
        return [.. events.Select(one => one["data: ".Length..])];
    }

    public Task<HttpResponseMessage> SendAsync(string path, string body, CancellationToken? cancellation = null) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
        HttpCompletionOption.ResponseHeadersRead,
        cancellation ?? TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class Loader(Func<CancellationToken, LoadedModel> load) : IModelLoader
    {
        public LoadedModel Load(CancellationToken cancellationToken) => load(cancellationToken);
    }
}
