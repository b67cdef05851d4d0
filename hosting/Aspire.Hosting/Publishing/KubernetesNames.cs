using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>The names of things in a cluster.</summary>
internal static class KubernetesNames
{
    /// <summary>The Secret with the values of secret parameters.</summary>
    public const string Secrets = "o1coder-secrets";

    private const int FirstPort = 8080;

    /// <summary>A resource's Service, Deployment and label.</summary>
    public static string Of(IResource resource) => resource.Name.ToLowerInvariant();

    /// <summary>The variable that holds a secret parameter, for others to refer to.</summary>
    public static string Variable(ParameterResource parameter) => $"SECRET_{parameter.Name.Replace('-', '_').ToUpperInvariant()}";

    /// <summary>The endpoints that others reach.</summary>
    public static IEnumerable<EndpointAnnotation> Endpoints(IResource resource)
    {
        var local = resource.Annotations.OfType<O1Coder.Hosting.KubernetesWorkload>().SelectMany(workload => workload.LocalEndpoints).ToHashSet();
        return resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => !local.Contains(endpoint.Name));
    }

    /// <summary>The port of an endpoint: the one that was asked for, that of a known image, else the first free one from 8080.</summary>
    public static int Port(IResource resource, EndpointAnnotation endpoint)
    {
        if (resource.Annotations.OfType<PublishedContainer>().LastOrDefault() is { } container)
        {
            return container.Port;
        }

        if (endpoint.FixedPort is { } asked)
        {
            return asked;
        }

        var taken = Endpoints(resource).Select(other => other.FixedPort).OfType<int>().ToHashSet();
        var port = FirstPort;
        foreach (var other in Endpoints(resource).Where(other => other.FixedPort is null))
        {
            while (taken.Contains(port))
            {
                port++;
            }

            if (ReferenceEquals(other, endpoint))
            {
                break;
            }

            taken.Add(port);
        }

        return port;
    }
}
