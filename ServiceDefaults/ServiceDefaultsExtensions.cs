using System.Diagnostics.Metrics;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace O1Coder.ServiceDefaults;

/// <summary>What every service does alike: telemetry, health, discovery, resilience and gRPC limits.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The environment variable that names the port for HTTP/1.1 health requests.</summary>
    public const string HealthPortVariable = "O1CODER_HEALTH_PORT";

    /// <summary>The largest gRPC message that a service takes or sends, in bytes.</summary>
    public const int MaxMessageBytes = 8 * 1024 * 1024;

    private const string LiveTag = "live";

    // OpenTelemetry's own bounds are for milliseconds; ours measure seconds, from a call to Redis to a compiler's run.
    private static readonly double[] s_secondBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>
    /// Adds telemetry, health checks, service discovery, resilient HTTP clients, the endpoints and a gRPC server with
    /// this solution's limits and error mapping.
    /// </summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ConfigureEndpoints(builder);
        ConfigureTelemetry(builder);

        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddGrpcHealthChecks(options => options.Services.Map(LiveTag, check => check.Tags.Contains(LiveTag)));
        builder.Services.AddServiceDiscovery();
        builder.Services.AddGrpc(ConfigureGrpc);

        // Ctrl+C and SIGTERM must end a service within the AppHost's grace, open streams or not.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(3));
        return builder;
    }

    /// <summary>Has requests that are no messages refused as such, and maps grpc.health.v1, <c>/health</c> (every check) and <c>/alive</c> (the process alone).</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use(MalformedRequests.TellAsync);
        app.MapGrpcHealthChecksService();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        return app;
    }

    private static void ConfigureGrpc(GrpcServiceOptions options)
    {
        options.MaxReceiveMessageSize = MaxMessageBytes;
        options.MaxSendMessageSize = MaxMessageBytes;
        options.Interceptors.Add<ErrorInterceptor>();
    }

    private static void ConfigureEndpoints(WebApplicationBuilder builder)
    {
        // Without TLS a port speaks either HTTP/1.1 or HTTP/2: gRPC has the service's own port, and health checks over
        // HTTP/1.1 have one beside it.
        int? healthPort = null;
        builder.Services.AddOptions<EndpointOptions>().BindSettings(builder.Configuration).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EndpointOptions>, EndpointOptionsValidator>();
        if (int.TryParse(builder.Configuration[HealthPortVariable], out var port))
        {
            healthPort = port;
            var urls = builder.Configuration[WebHostDefaults.ServerUrlsKey];
            builder.WebHost.UseUrls([.. (urls ?? "http://127.0.0.1:5000").Split(';', StringSplitOptions.RemoveEmptyEntries),
                $"http://127.0.0.1:{port}"]);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxMessageBytes;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols =
                endpoint.IPEndPoint?.Port == healthPort ? HttpProtocols.Http1 : HttpProtocols.Http2);
        });
    }

    private static void ConfigureTelemetry(WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);

        // A line a request and a health check says nothing that traces do not; configuration may ask for them again.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddMeter("O1Coder.*")
                .AddView(instrument => instrument is Histogram<double> { Unit: "s" } && instrument.Name.StartsWith("o1coder.", StringComparison.Ordinal)
                    ? new ExplicitBucketHistogramConfiguration { Boundaries = s_secondBounds }
                    : null)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(tracing => tracing
                .AddSource("O1Coder.*")
                .AddAspNetCoreInstrumentation(options => options.Filter = context =>
                    !context.Request.Path.StartsWithSegments("/health") &&
                    !context.Request.Path.StartsWithSegments("/alive") &&
                    !context.Request.Path.StartsWithSegments("/grpc.health.v1.Health"))

                // A gRPC call is one span: the HTTP request below it says nothing more.
                .AddGrpcClientInstrumentation(options => options.SuppressDownstreamInstrumentation = true)
                .AddHttpClientInstrumentation());

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            builder.Services.AddOpenTelemetry().UseOtlpExporter();
        }
    }
}
