using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Computes the environment and the arguments that one replica is started with.</summary>
internal sealed class EnvironmentComposer(DashboardLauncher dashboard, IHostEnvironment host,
    DistributedApplicationExecutionContext execution, ResourceLoggerService loggers)
{
    /// <summary>The variables in addition to those that the AppHost has itself.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="replica">The replica, from 0.</param>
    /// <param name="id">The replica's id.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public async Task<ComposedEnvironment> EnvironmentAsync(IResource resource, int replica, string id,
        CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken)
        {
            Logger = loggers.GetLogger(resource),
        };
        SetEndpointPorts(context);
        if (resource is ProjectResource)
        {
            SetTelemetry(context.EnvironmentVariables, resource.Name, id);
        }

        await CallAsync(context);
        Dictionary<string, string> variables = [];
        HashSet<string> secrets = [];
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await ResolveAsync(value, resource, replica, cancellationToken) is { } text)
            {
                variables[name] = text;
                if (SecretText.IsIn(value))
                {
                    secrets.Add(name);
                }
            }
        }

        return new ComposedEnvironment(variables, secrets);
    }

    /// <summary>The arguments.</summary>
    public async Task<ComposedArguments> ArgumentsAsync(IResource resource, int replica, CancellationToken cancellationToken)
    {
        var values = await UnresolvedArgumentsAsync(resource, cancellationToken);
        List<string> arguments = [];
        foreach (var value in values)
        {
            if (await ResolveAsync(value, resource, replica, cancellationToken) is { } text)
            {
                arguments.Add(text);
            }
        }

        return new ComposedArguments(arguments, values.Any(SecretText.IsIn));
    }

    /// <summary>The variables for a deployment: text, or values that it decides on.</summary>
    public async Task<IReadOnlyDictionary<string, object>> UnresolvedEnvironmentAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: cancellationToken) { Logger = loggers.GetLogger(resource) };
        SetEndpointPorts(context);
        await CallAsync(context);
        return context.EnvironmentVariables;
    }

    /// <summary>The arguments: text, or values that are known later.</summary>
    public async Task<IReadOnlyList<object>> UnresolvedArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = execution };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context);
        }

        return [.. context.Args];
    }

    private static async Task CallAsync(EnvironmentCallbackContext context)
    {
        foreach (var annotation in context.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context);
        }
    }

    private async ValueTask<string?> ResolveAsync(object value, IResource resource, int replica, CancellationToken cancellationToken)
    {
        var context = new ValueProviderContext { ExecutionContext = execution, Caller = resource, CallerReplica = replica };
        return value switch
        {
            string text => text,
            IValueProvider provider => await provider.GetValueAsync(context, cancellationToken),
            IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(context, cancellationToken),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    private static void SetEndpointPorts(EnvironmentCallbackContext context)
    {
        if (context.Resource is not IResourceWithEndpoints resource)
        {
            return;
        }

        foreach (var endpoint in resource.GetEndpoints())
        {
            if (endpoint.EndpointAnnotation.TargetPortEnvironmentVariable is { } variable)
            {
                context.EnvironmentVariables[variable] = endpoint.Property(EndpointProperty.TargetPort);
            }
        }
    }

    private void SetTelemetry(Dictionary<string, object> variables, string name, string id)
    {
        variables["OTEL_SERVICE_NAME"] = name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={id[(id.LastIndexOf('-') + 1)..]}";
        if (dashboard.TelemetryUrl is not { } collector)
        {
            return;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (dashboard.TelemetryKey is { } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = new SecretText($"x-otlp-api-key={key}");
        }

        if (host.IsDevelopment())
        {
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
            variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        }
    }
}
