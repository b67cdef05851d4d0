using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// Writes <c>aspire-manifest.json</c>: the resources with the types <c>project.v0</c>, <c>executable.v0</c>,
/// <c>container.v0</c>, <c>parameter.v0</c> and <c>value.v0</c>, their variables and endpoints, with expressions such as
/// <c>{redis.bindings.tcp.port}</c> for what the deployment decides. No secret is in it.
/// </summary>
internal sealed class ManifestPublisher(PublishingOptions options, EnvironmentComposer composer, DistributedApplicationExecutionContext execution,
    ILogger<DistributedApplication> logger) : IDistributedApplicationPublisher
{
    /// <summary>The publisher's name.</summary>
    public const string Name = "manifest";

    private const string FileName = "aspire-manifest.json";

    public async Task PublishAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(options.OutputPath!);
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            path = Path.Combine(path, FileName);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = path + ".tmp";
        await using (var stream = File.Create(next))
        await using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            var context = new ManifestPublishingContext(execution, path, writer, cancellationToken);
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json.schemastore.org/aspire-8.0.json");
            writer.WriteStartObject("resources");
            foreach (var resource in model.Resources)
            {
                await WriteAsync(context, resource);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        File.Move(next, path, overwrite: true);
        logger.LogInformation("Published manifest to: {Path}", path);
    }

    private async Task WriteAsync(ManifestPublishingContext context, IResource resource)
    {
        var own = resource.Annotations.OfType<ManifestPublishingCallbackAnnotation>().LastOrDefault();
        if (own is { Callback: null } || (own is null && !IsKnown(resource)))
        {
            return;
        }

        context.Writer.WriteStartObject(resource.Name);
        await (own is { Callback: { } callback } ? callback(context) : WriteKnownAsync(context, resource));
        context.Writer.WriteEndObject();
    }

    private static bool IsKnown(IResource resource) => resource is ParameterResource or ConnectionStringResource or ProjectResource or ExecutableResource
        || resource.Annotations.OfType<PublishedContainer>().Any();

    private async Task WriteKnownAsync(ManifestPublishingContext context, IResource resource)
    {
        var writer = context.Writer;
        switch (resource)
        {
            case ParameterResource parameter:
                WriteParameter(writer, parameter);
                break;
            case ConnectionStringResource connection:
                writer.WriteString("type", "value.v0");
                writer.WriteString("connectionString", connection.ConnectionStringExpression.ValueExpression);
                break;
            case ProjectResource:
                writer.WriteString("type", "project.v0");
                writer.WriteString("path", context.GetManifestRelativePath(resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath));
                await WriteProcessAsync(context, resource, null);
                break;
            case ExecutableResource executable:
                writer.WriteString("type", "executable.v0");
                writer.WriteString("workingDirectory", context.GetManifestRelativePath(executable.WorkingDirectory));
                writer.WriteString("command", executable.Command);
                await WriteProcessAsync(context, resource, null);
                break;
            default:
                await WriteContainerAsync(context, resource, resource.Annotations.OfType<PublishedContainer>().Last());
                break;
        }
    }

    private static void WriteParameter(Utf8JsonWriter writer, ParameterResource parameter)
    {
        writer.WriteString("type", "parameter.v0");
        if (parameter is ConfiguredConnectionStringResource)
        {
            writer.WriteString("connectionString", $"{{{parameter.Name}.value}}");
        }

        writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        writer.WriteStartObject("inputs");
        writer.WriteStartObject("value");
        writer.WriteString("type", "string");
        if (parameter.Secret)
        {
            writer.WriteBoolean("secret", true);
        }

        if (parameter.Default is GenerateParameterDefault made)
        {
            writer.WriteStartObject("default");
            writer.WriteStartObject("generate");
            writer.WriteNumber("minLength", made.MinLength);
            foreach (var (name, allowed) in new[] { ("lower", made.Lower), ("upper", made.Upper), ("numeric", made.Numeric), ("special", made.Special) })
            {
                if (!allowed)
                {
                    writer.WriteBoolean(name, false);
                }
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private async Task WriteContainerAsync(ManifestPublishingContext context, IResource resource, PublishedContainer container)
    {
        var writer = context.Writer;
        writer.WriteString("type", "container.v0");
        if (resource is IResourceWithConnectionString connection)
        {
            writer.WriteString("connectionString", connection.ConnectionStringExpression.ValueExpression);
        }

        writer.WriteString("image", container.Image);
        writer.WriteString("entrypoint", container.Entrypoint);
        writer.WriteStartArray("args");
        foreach (var argument in container.Arguments)
        {
            writer.WriteStringValue(argument);
        }

        writer.WriteEndArray();
        await WriteProcessAsync(context, resource, container);
    }

    private async Task WriteProcessAsync(ManifestPublishingContext context, IResource resource, PublishedContainer? container)
    {
        var writer = context.Writer;
        var arguments = container is null ? await composer.UnresolvedArgumentsAsync(resource, context.CancellationToken) : [];
        if (arguments.Count > 0)
        {
            writer.WriteStartArray("args");
            foreach (var argument in arguments)
            {
                writer.WriteStringValue(Text(argument));
            }

            writer.WriteEndArray();
        }

        var variables = await composer.UnresolvedEnvironmentAsync(resource, context.CancellationToken);
        writer.WriteStartObject("env");
        foreach (var (name, value) in container?.Environment.Concat(variables) ?? variables)
        {
            writer.WriteString(name, Text(value));
        }

        writer.WriteEndObject();
        WriteBindings(writer, resource, container);
    }

    private static void WriteBindings(Utf8JsonWriter writer, IResource resource, PublishedContainer? container)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
        if (endpoints.Length == 0)
        {
            return;
        }

        var http2 = resource.Annotations.OfType<Http2ServiceAnnotation>().Any();
        writer.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            writer.WriteStartObject(endpoint.Name);
            writer.WriteString("scheme", endpoint.UriScheme);
            writer.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());

            // A port that is told by a variable of its own is one beside the service's, for HTTP/1.1.
            writer.WriteString("transport", http2 && endpoint is { UriScheme: "http" or "https", TargetPortEnvironmentVariable: null } ? "http2" : endpoint.Transport);
            if ((container?.Port ?? endpoint.FixedPort) is { } port)
            {
                writer.WriteNumber("targetPort", port);
            }

            if (endpoint.IsExternal)
            {
                writer.WriteBoolean("external", true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        IManifestExpressionProvider expression => expression.ValueExpression,
        IResourceBuilder<IResource> { Resource: IManifestExpressionProvider expression } => expression.ValueExpression,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
