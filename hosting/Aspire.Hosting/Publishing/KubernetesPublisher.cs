using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging;
using O1Coder.Hosting;
using YamlDotNet.Serialization;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// Writes plain manifests for <c>kubectl apply -f FOLDER</c>, one file a resource with all that belongs to it, and a Dockerfile
/// for each project: Deployments with probes, limits and security contexts, Services, PersistentVolumeClaims, autoscalers,
/// network policies, and the Secret with the values of secret parameters, which are the configured ones or new.
/// </summary>
internal sealed class KubernetesPublisher(PublishingOptions options, EnvironmentComposer composer, AppHostFolder appHost,
    ILogger<DistributedApplication> logger) : IDistributedApplicationPublisher
{
    /// <summary>The publisher's name.</summary>
    public const string Name = "kubernetes";

    private readonly ISerializer _yaml = new SerializerBuilder().WithQuotingNecessaryStrings().WithIndentedSequences().DisableAliases().Build();

    public async Task PublishAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.GetFullPath(options.OutputPath!)).FullName;
        var workloads = model.Resources.Where(IsDeployed).ToArray();
        HashSet<ParameterResource> secrets = [];
        OrderedDictionary<string, KubernetesVolume> volumes = [];
        foreach (var resource in workloads)
        {
            var workload = resource.Annotations.OfType<KubernetesWorkload>().LastOrDefault() ?? new KubernetesWorkload();
            var callers = workloads.Where(other => Calls(other, resource)).Select(KubernetesNames.Of).ToArray();
            var objects = new KubernetesObjects(resource, workload, await ValuesAsync(resource, workload, secrets, cancellationToken), callers);
            await WriteAsync(folder, $"{KubernetesNames.Of(resource)}.yaml", objects.All(), cancellationToken);
            foreach (var volume in workload.Volumes)
            {
                volumes.TryAdd(volume.Name, volume);
            }

            if (resource is ProjectResource project)
            {
                await new ContainerImage(project, workload, appHost.Path).WriteAsync(folder, cancellationToken);
            }
        }

        if (volumes.Count > 0)
        {
            await WriteAsync(folder, "volumes.yaml", volumes.Values.Select(KubernetesObjects.Claim), cancellationToken);
        }

        if (secrets.Count > 0)
        {
            await WriteAsync(folder, "secrets.yaml", [KubernetesObjects.Secret(secrets.OrderBy(secret => secret.Name, StringComparer.Ordinal))], cancellationToken);
        }

        logger.LogInformation("Published {Count} workloads to: {Folder}", workloads.Length, folder);
    }

    private static bool IsDeployed(IResource resource) =>
        (resource is ProjectResource || resource.Annotations.OfType<PublishedContainer>().Any())
        && resource.Annotations.OfType<ManifestPublishingCallbackAnnotation>().LastOrDefault() is not { Callback: null };

    private static bool Calls(IResource caller, IResource resource) => caller.Annotations.OfType<ResourceRelationshipAnnotation>()
        .Any(related => ReferenceEquals(related.Resource, resource) && related.Type == KnownRelationshipTypes.Reference);

    private async Task<KubernetesValues> ValuesAsync(IResource resource, KubernetesWorkload workload, HashSet<ParameterResource> secrets,
        CancellationToken cancellationToken)
    {
        var variables = new SortedDictionary<string, object>(StringComparer.Ordinal);
        var local = resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => workload.LocalEndpoints.Contains(endpoint.Name))
            .Select(endpoint => endpoint.TargetPortEnvironmentVariable).ToHashSet();
        var container = resource.Annotations.OfType<PublishedContainer>().LastOrDefault();
        foreach (var (name, value) in (await composer.UnresolvedEnvironmentAsync(resource, cancellationToken)).Where(variable => !local.Contains(variable.Key)))
        {
            if (!IsLocal(value))
            {
                variables[name] = value;
            }
        }

        foreach (var (name, value) in container?.Environment ?? new Dictionary<string, object>())
        {
            variables[name] = value;
        }

        if (resource is ProjectResource)
        {
            variables["OTEL_SERVICE_NAME"] = resource.Name;
        }

        foreach (var (name, value) in workload.Environment)
        {
            variables[name] = value;
        }

        var values = new KubernetesValues();
        foreach (var (name, value) in variables)
        {
            values.Add(name, value);
        }

        foreach (var (name, path) in workload.PodFields)
        {
            values.AddField(name, path);
        }

        secrets.UnionWith(values.Secrets);
        return values;
    }

    // Where an endpoint is that only its own machine reaches is of no use to others.
    private static bool IsLocal(object value) => value switch
    {
        EndpointReference endpoint => !KubernetesNames.Endpoints(endpoint.Resource).Contains(endpoint.EndpointAnnotation),
        EndpointReferenceExpression part => IsLocal(part.Endpoint),
        _ => false,
    };

    private async Task WriteAsync(string folder, string file, IEnumerable<object> objects, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, file);

        // Secrets are for their owner; the file may be there from before.
        File.Delete(path);
        await using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = file == "secrets.yaml"
                ? UnixFileMode.UserRead | UnixFileMode.UserWrite
                : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });
        await using var writer = new StreamWriter(stream);
        await writer.WriteAsync(string.Join("---\n", objects.Select(_yaml.Serialize)).AsMemory(), cancellationToken);
    }
}
