using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace O1Coder.Hosting.Tests;

/// <summary>
/// Manifests as an API server would take them: read into its types, where a field that it does not know is an error, and then
/// compared with each other, as a client's dry run cannot.
/// </summary>
internal sealed partial class KubernetesManifests
{
    private static readonly Dictionary<string, Type> s_types = new()
    {
        ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["v1/Secret"] = typeof(V1Secret),
        ["v1/Service"] = typeof(V1Service),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
    };

    private readonly List<IKubernetesObject<V1ObjectMeta>> _objects = [];

    private KubernetesManifests()
    {
    }

    public static KubernetesManifests Read(string folder)
    {
        var manifests = new KubernetesManifests();
        foreach (var file in Directory.GetFiles(folder, "*.yaml").Order())
        {
            var read = KubernetesYaml.LoadAllFromString(File.ReadAllText(file), s_types, strict: true);
            Assert.NotEmpty(read);
            manifests._objects.AddRange(read.Cast<IKubernetesObject<V1ObjectMeta>>());
        }

        return manifests;
    }

    public IEnumerable<T> All<T>() => _objects.OfType<T>();

    public T Get<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => All<T>().Single(one => one.Metadata.Name == name);

    public V1Container Container(string name) => Get<V1Deployment>(name).Spec.Template.Spec.Containers.Single();

    public string? Variable(string deployment, string variable) => Container(deployment).Env.Single(one => one.Name == variable).Value;

    /// <summary>What refers to something finds it.</summary>
    public void AssertConsistent()
    {
        Assert.Equal(_objects.Count, _objects.Select(one => (one.Kind, one.Metadata.Name)).Distinct().Count());
        Assert.All(_objects, one => Assert.Matches(DnsLabel(), one.Metadata.Name));
        foreach (var deployment in All<V1Deployment>())
        {
            AssertPod(deployment);
        }

        foreach (var service in All<V1Service>())
        {
            var pods = All<V1Deployment>().Where(deployment => Selects(service.Spec.Selector, deployment)).ToArray();
            var names = Assert.Single(pods).Spec.Template.Spec.Containers.SelectMany(container => container.Ports).Select(port => port.Name).ToHashSet();
            Assert.All(service.Spec.Ports, port => Assert.Contains(port.TargetPort.Value, names));
        }

        foreach (var scaler in All<V2HorizontalPodAutoscaler>())
        {
            var target = Get<V1Deployment>(scaler.Spec.ScaleTargetRef.Name);
            Assert.Equal(("apps/v1", "Deployment"), (scaler.Spec.ScaleTargetRef.ApiVersion, scaler.Spec.ScaleTargetRef.Kind));
            Assert.True(scaler.Spec.MinReplicas <= scaler.Spec.MaxReplicas);
            Assert.Null(target.Spec.Replicas);
            Assert.True(target.Spec.Template.Spec.Containers.Single().Resources.Requests.ContainsKey("cpu"));
        }

        foreach (var policy in All<V1NetworkPolicy>())
        {
            Assert.Single(All<V1Deployment>(), deployment => Selects(policy.Spec.PodSelector.MatchLabels, deployment));
            Assert.All(policy.Spec.Ingress.SelectMany(rule => rule.FromProperty), from =>
                Assert.Single(All<V1Deployment>(), deployment => Selects(from.PodSelector.MatchLabels, deployment)));
        }
    }

    private void AssertPod(V1Deployment deployment)
    {
        Assert.True(Selects(deployment.Spec.Selector.MatchLabels, deployment));
        var pod = deployment.Spec.Template.Spec;
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        var claims = pod.Volumes.Where(volume => volume.PersistentVolumeClaim is not null).Select(volume => volume.PersistentVolumeClaim.ClaimName);
        Assert.All(claims, claim => Get<V1PersistentVolumeClaim>(claim));
        var container = Assert.Single(pod.Containers);
        Assert.Equal(container.VolumeMounts.Select(mount => mount.Name).Order(), pod.Volumes.Select(volume => volume.Name).Order());
        Assert.Equal(container.Ports.Count, container.Ports.Select(port => port.ContainerPort).Distinct().Count());
        Assert.All(container.Ports, port => Assert.Matches(DnsLabel(), port.Name));
        var ports = container.Ports.Select(port => port.ContainerPort).ToHashSet();
        foreach (var probe in new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe })
        {
            Assert.True(probe.Exec is not null || ports.Contains(probe.Grpc?.Port ?? int.Parse(probe.HttpGet.Port.Value)));
        }

        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.True(container.Resources.Limits["memory"].ToDecimal() >= container.Resources.Requests["memory"].ToDecimal());
        AssertVariables(container);
    }

    private void AssertVariables(V1Container container)
    {
        HashSet<string> known = [];
        foreach (var variable in container.Env)
        {
            Assert.True(known.Add(variable.Name), $"{variable.Name} is there twice");
            if (variable.ValueFrom?.SecretKeyRef is { } secret)
            {
                Assert.Contains(secret.Key, Get<V1Secret>(secret.Name).StringData.Keys);
            }

            // $(NAME) is put in where NAME comes before.
            Assert.All(Reference().Matches(variable.Value ?? ""), match => Assert.Contains(match.Groups[1].Value, known));

            // An address of the system is that of a service and one of its ports.
            if (variable.Name.StartsWith("services__", StringComparison.Ordinal))
            {
                var address = new Uri(variable.Value!);
                Assert.Contains(Get<V1Service>(address.Host).Spec.Ports, port => port.Port == address.Port);
            }
        }
    }

    private static bool Selects(IDictionary<string, string> selector, V1Deployment deployment) =>
        selector.All(label => deployment.Spec.Template.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex DnsLabel();

    [GeneratedRegex(@"(?<!\$)\$\(([A-Za-z_][A-Za-z0-9_]*)\)")]
    private static partial Regex Reference();
}
