using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>
    /// Hands over a connection string as <c>ConnectionStrings__{name}</c>, and its parts as <c>{NAME}_HOST</c> and so on.
    /// </summary>
    /// <param name="builder">The resource that is given it.</param>
    /// <param name="source">Whose it is.</param>
    /// <param name="connectionName">The name to hand it over under; null for the source's.</param>
    /// <param name="optional">Whether it may be missing.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return Related(builder, resource).WithEnvironment(async context =>
        {
            var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
            if (optional && resource is ConfiguredConnectionStringResource && !await IsConfiguredAsync(resource, context.CancellationToken))
            {
                return;
            }

            context.EnvironmentVariables[variable] = resource;
            foreach (var (part, value) in resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{VariableName(name)}_{part.ToUpperInvariant()}"] = value;
            }
        });
    }

    /// <summary>
    /// Hands over where a service is: <c>services__{name}__{endpoint}__{i}</c> for replica i of every endpoint, and
    /// <c>{NAME}_{ENDPOINT}</c> for the first.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.WithReference(source, source.Resource.Name);
    }

    /// <summary>Hands over where a service is, under another name.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source, string name)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var resource = source.Resource;
        return Related(builder, resource).WithEnvironment(context =>
        {
            foreach (var endpoint in resource.GetEndpoints().Where(endpoint => !endpoint.ExcludeReferenceEndpoint))
            {
                AddService(context, name, endpoint);
            }
        });
    }

    /// <summary>Hands over where one endpoint of a service is.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder,
        EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpointReference);
        return Related(builder, endpointReference.Resource)
            .WithEnvironment(context => AddService(context, endpointReference.Resource.Name, endpointReference));
    }

    /// <summary>Hands over where a service outside the application is, as <c>services__{name}__default__0</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder,
        string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || uri.AbsolutePath != "/")
        {
            throw new InvalidOperationException($"The uri for service reference '{name}' must be absolute and end with '/': {uri}");
        }

        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString());
    }

    private static void AddService(EnvironmentCallbackContext context, string name, EndpointReference endpoint)
    {
        // Service discovery looks for a scheme or for an endpoint's name: an endpoint called http is found as its scheme.
        var key = endpoint.EndpointName is "http" or "https" ? endpoint.Scheme : endpoint.EndpointName;
        if (context.ExecutionContext.IsPublishMode)
        {
            context.EnvironmentVariables[$"services__{name}__{key}__0"] = endpoint;
        }

        for (var replica = 0; replica < endpoint.Allocations.Count; replica++)
        {
            context.EnvironmentVariables[$"services__{name}__{key}__{replica}"] = endpoint.Allocation(replica).UriString;
        }

        context.EnvironmentVariables[$"{VariableName(name)}_{VariableName(endpoint.EndpointName)}"] = endpoint;
    }

    private static async ValueTask<bool> IsConfiguredAsync(IResourceWithConnectionString resource, CancellationToken cancellationToken)
    {
        try
        {
            return await resource.GetConnectionStringAsync(cancellationToken) is not null;
        }
        catch (MissingParameterValueException)
        {
            return false;
        }
    }

    private static IResourceBuilder<T> Related<T>(IResourceBuilder<T> builder, IResource resource)
        where T : IResource => builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, KnownRelationshipTypes.Reference));

    private static string VariableName(string name) => name.Replace('-', '_').ToUpperInvariant();
}
