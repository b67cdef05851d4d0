using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.OpenAi;

/// <summary>How OpenAI's interface is put together.</summary>
internal static class OpenAiExtensions
{
    /// <summary>The variable that names its port.</summary>
    public const string PortVariable = "O1CODER_OPENAI_PORT";

    /// <summary>Adds the handlers, and the port where one is asked for.</summary>
    public static WebApplicationBuilder AddOpenAi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OpenAiEngine>();
        builder.Services.AddSingleton<OpenAiEndpoints>();
        if (Port(builder.Configuration, PortVariable) is not { } port)
        {
            return builder;
        }

        // Without TLS a port speaks either HTTP/1.1, as here and for health checks, or HTTP/2, as for gRPC.
        var health = Port(builder.Configuration, ServiceDefaultsExtensions.HealthPortVariable);
        var urls = builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? "http://127.0.0.1:5000";
        builder.WebHost.UseUrls([.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries), $"http://127.0.0.1:{port}"]);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols =
            endpoint.IPEndPoint?.Port is { } own && (own == port || own == health) ? HttpProtocols.Http1 : HttpProtocols.Http2));
        return builder;
    }

    /// <summary>Maps the interface where a port is asked for.</summary>
    public static WebApplication MapOpenAiWhereAsked(this WebApplication app) =>
        Port(app.Configuration, PortVariable) is null ? app : app.MapOpenAi();

    /// <summary>Maps the interface on all of the service's ports.</summary>
    public static WebApplication MapOpenAi(this WebApplication app)
    {
        app.Services.GetRequiredService<OpenAiEndpoints>().Map(app);
        return app;
    }

    // What is no port is the validator's to tell.
    private static int? Port(IConfiguration configuration, string variable) =>
        int.TryParse(configuration[variable], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : null;
}
