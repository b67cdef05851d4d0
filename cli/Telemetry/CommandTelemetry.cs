using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace O1Coder.Cli.Telemetry;

/// <summary>
/// The span of one command, the root of everything that the services do for it. It is sent where the AppHost says or, as
/// with every program that speaks OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT does; with neither nothing is recorded.
/// </summary>
internal sealed class CommandTelemetry : IDisposable
{
    /// <summary>The name of the source, and of the service where OTEL_SERVICE_NAME gives none.</summary>
    public const string Name = "O1Coder.Cli";

    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // A collector that does not answer may not keep the shell's prompt for longer.
    private const int MostFlushMilliseconds = 1000;

    private static readonly ActivitySource s_source = new(Name);

    private readonly TracerProvider? _provider;
    private readonly Activity? _activity;

    private CommandTelemetry(TracerProvider? provider, Activity? activity)
    {
        _provider = provider;
        _activity = activity;
    }

    /// <summary>Starts the span; it is the current one until it is disposed of.</summary>
    /// <param name="command">The command's name, for example "solve".</param>
    /// <param name="target">Where to send it; null for where the environment says.</param>
    /// <param name="terminal">Where the environment is read.</param>
    public static CommandTelemetry Start(string command, TelemetryTarget? target, Terminal terminal)
    {
        var provider = target is null && string.IsNullOrWhiteSpace(terminal.Variable(EndpointVariable)) ? null : Build(target);
        return new CommandTelemetry(provider, s_source.StartActivity($"o1coder {command}", ActivityKind.Internal));
    }

    /// <summary>Says how the command ended.</summary>
    /// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
    public void End(int exitCode)
    {
        _activity?.SetTag("process.exit.code", exitCode);
        if (exitCode is not (ExitCodes.Solved or ExitCodes.NotSolved))
        {
            _activity?.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>Ends the span and sends what was not sent, for a second at most.</summary>
    public void Dispose()
    {
        _activity?.Dispose();
        _provider?.Shutdown(MostFlushMilliseconds);
        _provider?.Dispose();
    }

    private static TracerProvider Build(TelemetryTarget? target) => Sdk.CreateTracerProviderBuilder()

        // The environment's name wins: the default resource has read it.
        .ConfigureResource(resource => resource.Clear().AddService("cli").AddTelemetrySdk().AddEnvironmentVariableDetector())
        .AddSource(Name)

        // The call's span is a link of the chain: without it the coordinator's parent would be missing.
        .AddGrpcClientInstrumentation(options => options.SuppressDownstreamInstrumentation = true)
        .AddOtlpExporter(exporter =>
        {
            if (target is not null)
            {
                exporter.Endpoint = target.Endpoint;
                exporter.Protocol = OpenTelemetry.Exporter.OtlpExportProtocol.Grpc;
                exporter.Headers = target.ApiKey.Length > 0 ? $"x-otlp-api-key={target.ApiKey}" : null;
            }
        })
        .Build();
}
