using Aspire.Hosting.ApplicationModel;

namespace O1Coder.Hosting;

/// <summary>What Kubernetes is to be told of a resource that the model does not say. No part of Aspire's API.</summary>
public sealed class KubernetesWorkload : IResourceAnnotation
{
    /// <summary>The image; null for <c>o1coder/NAME:latest</c> of a project.</summary>
    public string? Image { get; set; }

    /// <summary>Processor time that a pod is promised, a quantity: <c>500m</c>, <c>2</c>.</summary>
    public string CpuRequest { get; set; } = "250m";

    /// <summary>Processor time that a pod gets at most, a quantity; null for no limit.</summary>
    public string? CpuLimit { get; set; }

    /// <summary>Memory that a pod is promised, a quantity: <c>512Mi</c>.</summary>
    public string MemoryRequest { get; set; } = "256Mi";

    /// <summary>Memory that a pod gets at most, a quantity.</summary>
    public string MemoryLimit { get; set; } = "1Gi";

    /// <summary>The pods at most; more than <see cref="Replicas"/> makes a HorizontalPodAutoscaler.</summary>
    public int MaxReplicas { get; set; }

    /// <summary>The pods at least.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>The use of the promised processor time, in percent, above which there are more pods.</summary>
    public int TargetCpuPercent { get; set; } = 70;

    /// <summary>
    /// Whether its processes make user namespaces with mounts of their own, as a sandbox does: the pod then has no seccomp
    /// and AppArmor profile, which forbid that; it still has no capability, no root and no way to gain one.
    /// </summary>
    public bool MakesNamespaces { get; set; }

    /// <summary>Whether it may call nobody but those who call it: a NetworkPolicy without a way out.</summary>
    public bool IsolatesNetwork { get; set; }

    /// <summary>Whether a second pod must not start before the first has ended, since both would write to one folder.</summary>
    public bool Recreates { get; set; }

    /// <summary>The name under which grpc.health.v1 tells that the process itself lives; null for the same as readiness.</summary>
    public string? LivenessService { get; set; }

    /// <summary>How long the start may take, in seconds.</summary>
    public int StartSeconds { get; set; } = 120;

    /// <summary>Endpoints that are for the machine that it runs on, and nobody else.</summary>
    public IList<string> LocalEndpoints { get; } = [];

    /// <summary>Further ports of a pod, by name, for its peers.</summary>
    public IDictionary<string, int> PeerPorts { get; } = new Dictionary<string, int>();

    /// <summary>Variables with a fact about the pod, by name: <c>status.podIP</c>.</summary>
    public IDictionary<string, string> PodFields { get; } = new Dictionary<string, string>();

    /// <summary>Variables that take the place of the model's, by name.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    /// <summary>Folders that outlive a pod.</summary>
    public IList<KubernetesVolume> Volumes { get; } = [];

    /// <summary>Debian packages of its image.</summary>
    public IList<string> ImagePackages { get; } = [];

    /// <summary>Folders that its image has too, from and to: of the repository, or, with a slash in front, of the image that it is built in.</summary>
    public IDictionary<string, string> ImageFolders { get; } = new Dictionary<string, string>();
}
