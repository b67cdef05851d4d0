using Microsoft.AspNetCore.Authentication;
using O1Coder.Hosting.Dashboard.Telemetry.Api;
using O1Coder.Hosting.Dashboard.Telemetry.Ingest;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;
using O1Coder.Hosting.Dashboard.Telemetry.Persistence;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.Telemetry;

/// <summary>The dashboard's telemetry: what comes in by OTLP, what is kept, and its endpoints.</summary>
internal static class TelemetryExtensions
{
    // Aspire's, where none is configured: with addresses of our own the server has no default any more.
    private const string DefaultFrontend = "http://localhost:18888";

    /// <summary>Adds store, receivers and archive, and OTLP's ports beside those of the pages.</summary>
    /// <exception cref="InvalidOperationException">A setting makes no sense; the message names it.</exception>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var otlp = OtlpOptions.Read(builder.Configuration);
        var limits = builder.Configuration.GetSection(TelemetryLimits.Section).Get<TelemetryLimits>() ?? new TelemetryLimits();
        if (limits.FindError() is { } error)
        {
            throw new InvalidOperationException(error);
        }

        builder.Services.AddSingleton(otlp);
        builder.Services.AddSingleton<OtlpKeyCheck>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new TelemetryStore(limits));
        builder.Services.AddSingleton<TelemetryIngest>();
        builder.Services.AddSingleton<TelemetryReceiver>();
        builder.Services.AddSingleton(ArchiveOptions.Read(builder.Configuration));
        builder.Services.AddSingleton<TelemetryArchive>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TelemetryArchive>());
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = OtlpOptions.MaxPayloadBytes);
        builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        Listen(builder, otlp);
    }

    /// <summary>Sends each request where it belongs by its port; before login.</summary>
    public static void UseTelemetry(this WebApplication app) => app.UseMiddleware<OtlpGate>();

    /// <summary>Maps OTLP and the API for programs.</summary>
    public static void MapTelemetry(this WebApplication app)
    {
        TelemetryApi.Map(app);

        // The gate asks for the key; the pages' login has no part in it.
        var receiver = app.Services.GetRequiredService<TelemetryReceiver>();
        app.MapGrpcService<TraceExport>().AllowAnonymous().WithMetadata(OtlpEndpoint.Mark);
        app.MapGrpcService<LogsExport>().AllowAnonymous().WithMetadata(OtlpEndpoint.Mark);
        app.MapGrpcService<MetricsExport>().AllowAnonymous().WithMetadata(OtlpEndpoint.Mark);
        app.MapPost("/v1/traces", context => OtlpHttp.AnswerAsync(context, ExportTraceServiceRequest.Parser, receiver.Receive))
            .AllowAnonymous().WithMetadata(OtlpEndpoint.Mark);
        app.MapPost("/v1/logs", context => OtlpHttp.AnswerAsync(context, ExportLogsServiceRequest.Parser, receiver.Receive))
            .AllowAnonymous().WithMetadata(OtlpEndpoint.Mark);
        app.MapPost("/v1/metrics", context => OtlpHttp.AnswerAsync(context, ExportMetricsServiceRequest.Parser, receiver.Receive))
            .AllowAnonymous().WithMetadata(OtlpEndpoint.Mark);
    }

    private static void Listen(WebApplicationBuilder builder, OtlpOptions otlp)
    {
        if (otlp is { GrpcEndpoint: null, HttpEndpoint: null })
        {
            return;
        }

        var pages = builder.Configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } configured ? configured : DefaultFrontend;
        builder.WebHost.UseUrls(
        [
            .. pages.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            .. new[] { otlp.GrpcEndpoint, otlp.HttpEndpoint }.OfType<Uri>().Select(address => address.GetLeftPart(UriPartial.Authority)),
        ]);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            // Without TLS a port speaks HTTP/2 to those who begin with it only when it speaks nothing else.
            if (endpoint.IPEndPoint?.Port is { } port && port == otlp.GrpcEndpoint?.Port)
            {
                endpoint.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2;
            }
        }));
    }
}
