using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using O1Coder.Hosting.Dashboard;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Dashboard.Tests.Telemetry;

/// <summary>The dashboard in this process, with pages and both of OTLP's ports.</summary>
internal sealed class TelemetryHost : IAsyncDisposable
{
    public const string Key = "otlp-key";
    public const string Token = "page-token";

    private readonly WebApplication _app;

    private TelemetryHost(WebApplication app, Uri pages, Uri grpc, Uri http)
    {
        _app = app;
        (Pages, Grpc, Http) = (pages, grpc, http);
    }

    public Uri Pages { get; }

    public Uri Grpc { get; }

    public Uri Http { get; }

    public TelemetryStore Store => _app.Services.GetRequiredService<TelemetryStore>();

    public IServiceProvider Services => _app.Services;

    public static async Task<TelemetryHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var addresses = Array.ConvertAll(FreePort.Find(3), port => new Uri($"http://127.0.0.1:{port}"));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DashboardExtensions).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = addresses[1].ToString(),
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = addresses[2].ToString(),
            ["Dashboard:Otlp:PrimaryApiKey"] = Key,
            ["Dashboard:Frontend:BrowserToken"] = Token,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(addresses[0].ToString());
        builder.AddDashboard();
        var app = builder.Build();
        app.MapDashboard();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TelemetryHost(app, addresses[0], addresses[1], addresses[2]);
    }

    /// <summary>Posts a body to OTLP over HTTP.</summary>
    public async Task<HttpResponseMessage> PostAsync(string signal, byte[] body, string type = "application/json", string? key = Key, string? encoding = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Http, $"/v1/{signal}")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(type);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        if (key is not null)
        {
            request.Headers.Add("x-otlp-api-key", key);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
