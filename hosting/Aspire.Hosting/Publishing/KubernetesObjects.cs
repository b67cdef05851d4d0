using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using O1Coder.Hosting;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Aspire.Hosting.Publishing;

/// <summary>The objects that make a resource in a cluster.</summary>
/// <param name="resource">The resource.</param>
/// <param name="workload">What is said about it.</param>
/// <param name="values">Its variables.</param>
/// <param name="callers">The names of those that call it.</param>
internal sealed class KubernetesObjects(IResource resource, KubernetesWorkload workload, KubernetesValues values, IReadOnlyList<string> callers)
{
    // The user "app" of .NET's images.
    private const int User = 1654;
    private const int RedisUser = 999;

    private static readonly string[] s_bothWays = ["Ingress", "Egress"];
    private static readonly string[] s_shared = ["ReadWriteMany"];
    private static readonly string[] s_all = ["ALL"];

    private readonly string _name = KubernetesNames.Of(resource);
    private readonly PublishedContainer? _container = resource.Annotations.OfType<PublishedContainer>().LastOrDefault();

    private Map Labels => new() { ["app.kubernetes.io/name"] = _name, ["app.kubernetes.io/part-of"] = "o1coder" };

    /// <summary>All of them.</summary>
    public IEnumerable<object> All()
    {
        yield return Deployment();
        if (KubernetesNames.Endpoints(resource).Any())
        {
            yield return Service();
        }

        if (workload.MaxReplicas > workload.Replicas)
        {
            yield return Autoscaler();
        }

        if (workload.IsolatesNetwork)
        {
            yield return NetworkPolicy();
        }
    }

    /// <summary>A folder that outlives pods and that several mount.</summary>
    public static object Claim(KubernetesVolume volume) => Object("v1", "PersistentVolumeClaim", volume.Name, new Map { ["app.kubernetes.io/part-of"] = "o1coder" }, new Map
    {
        ["accessModes"] = s_shared,
        ["resources"] = new Map { ["requests"] = new Map { ["storage"] = volume.Size } },
    });

    /// <summary>The values of secret parameters.</summary>
    public static object Secret(IEnumerable<ParameterResource> secrets) => new Map
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new Map { ["name"] = KubernetesNames.Secrets, ["labels"] = new Map { ["app.kubernetes.io/part-of"] = "o1coder" } },
        ["type"] = "Opaque",
        ["stringData"] = secrets.ToDictionary(secret => secret.Name, secret => (object)secret.Read()),
    };

    private Map Deployment()
    {
        var spec = new Map();

        // Beside an autoscaler the number is the autoscaler's: applying the file again would undo its choice.
        if (workload.MaxReplicas <= workload.Replicas)
        {
            spec["replicas"] = workload.Replicas;
        }

        spec["selector"] = new Map { ["matchLabels"] = new Map { ["app.kubernetes.io/name"] = _name } };
        spec["strategy"] = workload.Recreates
            ? new Map { ["type"] = "Recreate" }
            : new Map { ["type"] = "RollingUpdate", ["rollingUpdate"] = new Map { ["maxUnavailable"] = 0, ["maxSurge"] = 1 } };
        spec["template"] = new Map { ["metadata"] = new Map { ["labels"] = Labels }, ["spec"] = Pod() };
        return Object("apps/v1", "Deployment", _name, Labels, spec);
    }

    private Map Pod()
    {
        var user = _container is null ? User : RedisUser;
        var security = new Map { ["runAsNonRoot"] = true, ["runAsUser"] = user, ["runAsGroup"] = user, ["fsGroup"] = user };
        security["seccompProfile"] = new Map { ["type"] = workload.MakesNamespaces ? "Unconfined" : "RuntimeDefault" };
        if (workload.MakesNamespaces)
        {
            security["appArmorProfile"] = new Map { ["type"] = "Unconfined" };
        }

        var volumes = new List<object> { new Map { ["name"] = "tmp", ["emptyDir"] = new Map { ["sizeLimit"] = "1Gi" } } };
        volumes.AddRange(workload.Volumes.Select(volume => new Map
        {
            ["name"] = volume.Name,
            ["persistentVolumeClaim"] = new Map { ["claimName"] = volume.Name },
        }));
        return new Map
        {
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["terminationGracePeriodSeconds"] = 30,
            ["securityContext"] = security,
            ["containers"] = new object[] { Container() },
            ["volumes"] = volumes,
        };
    }

    private Map Container()
    {
        var container = new Map { ["name"] = _name, ["image"] = workload.Image ?? _container?.Image ?? $"o1coder/{_name}:latest" };
        if (_container is not null)
        {
            container["command"] = new[] { _container.Entrypoint };
            container["args"] = _container.Arguments;
        }

        container["env"] = values.Variables;
        container["ports"] = Ports().Concat(workload.PeerPorts.Select(peer => (Name: peer.Key, Port: peer.Value)))
            .Select(port => (object)new Map { ["name"] = port.Name, ["containerPort"] = port.Port, ["protocol"] = "TCP" }).ToArray();
        container["startupProbe"] = Probe("", periodSeconds: 5, failureThreshold: Math.Max(1, workload.StartSeconds / 5));
        container["readinessProbe"] = Probe("", periodSeconds: 10, failureThreshold: 3);
        container["livenessProbe"] = Probe(workload.LivenessService ?? "", periodSeconds: 20, failureThreshold: 3);
        container["resources"] = Resources();
        container["securityContext"] = new Map
        {
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["capabilities"] = new Map { ["drop"] = s_all },
        };
        container["volumeMounts"] = new List<object> { new Map { ["name"] = "tmp", ["mountPath"] = "/tmp" } }
            .Concat(workload.Volumes.Select(volume => new Map { ["name"] = volume.Name, ["mountPath"] = volume.MountPath })).ToArray();
        return container;
    }

    private Map Probe(string service, int periodSeconds, int failureThreshold)
    {
        var probe = new Map { ["periodSeconds"] = periodSeconds, ["timeoutSeconds"] = 5, ["failureThreshold"] = failureThreshold };
        if (_container is not null)
        {
            probe["exec"] = new Map { ["command"] = _container.Probe };
        }
        else if (GrpcPort() is { } port)
        {
            probe["grpc"] = service.Length > 0 ? new Map { ["port"] = port, ["service"] = service } : new Map { ["port"] = port };
        }
        else
        {
            var (path, endpoint) = HttpProbe();
            probe["httpGet"] = new Map { ["path"] = path, ["port"] = endpoint };
        }

        return probe;
    }

    // The kubelet cannot send HTTP/1.1 to a port that speaks HTTP/2 only, and asks it by grpc.health.v1.
    private int? GrpcPort() => resource.Annotations.OfType<Http2ServiceAnnotation>().Any()
        && KubernetesNames.Endpoints(resource).FirstOrDefault(endpoint => endpoint is { UriScheme: "http", TargetPortEnvironmentVariable: null }) is { } endpoint
            ? KubernetesNames.Port(resource, endpoint)
            : null;

    private (string Path, int Port) HttpProbe()
    {
        var check = resource.Annotations.OfType<HttpProbeAnnotation>().FirstOrDefault(known => KubernetesNames.Endpoints(resource).Any(endpoint => endpoint.Name == known.EndpointName));
        var endpoint = KubernetesNames.Endpoints(resource).FirstOrDefault(known => check is null || known.Name == check.EndpointName)
            ?? throw new DistributedApplicationException($"Resource '{resource.Name}' has no endpoint that Kubernetes could ask for its health.");
        return (check?.Path ?? "/", KubernetesNames.Port(resource, endpoint));
    }

    private Map Resources()
    {
        var limits = new Map { ["memory"] = workload.MemoryLimit };
        if (workload.CpuLimit is { } cpu)
        {
            limits["cpu"] = cpu;
        }

        return new Map
        {
            ["requests"] = new Map { ["cpu"] = workload.CpuRequest, ["memory"] = workload.MemoryRequest },
            ["limits"] = limits,
        };
    }

    private Map Service() => Object("v1", "Service", _name, Labels, new Map
    {
        ["type"] = "ClusterIP",
        ["selector"] = new Map { ["app.kubernetes.io/name"] = _name },
        ["ports"] = Ports().Select(port => (object)new Map
        {
            ["name"] = port.Name,
            ["port"] = port.Port,
            ["targetPort"] = port.Name,
            ["protocol"] = "TCP",
        }).ToArray(),
    });

    private Map Autoscaler() => Object("autoscaling/v2", "HorizontalPodAutoscaler", _name, Labels, new Map
    {
        ["scaleTargetRef"] = new Map { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = _name },
        ["minReplicas"] = workload.Replicas,
        ["maxReplicas"] = workload.MaxReplicas,
        ["metrics"] = new object[]
        {
            new Map
            {
                ["type"] = "Resource",
                ["resource"] = new Map
                {
                    ["name"] = "cpu",
                    ["target"] = new Map { ["type"] = "Utilization", ["averageUtilization"] = workload.TargetCpuPercent },
                },
            },
        },
    });

    private Map NetworkPolicy() => Object("networking.k8s.io/v1", "NetworkPolicy", _name, Labels, new Map
    {
        ["podSelector"] = new Map { ["matchLabels"] = new Map { ["app.kubernetes.io/name"] = _name } },
        ["policyTypes"] = s_bothWays,
        ["ingress"] = new object[]
        {
            new Map
            {
                ["from"] = callers.Select(caller => (object)new Map
                {
                    ["podSelector"] = new Map { ["matchLabels"] = new Map { ["app.kubernetes.io/name"] = caller } },
                }).ToArray(),
                ["ports"] = Ports().Select(port => (object)new Map { ["protocol"] = "TCP", ["port"] = port.Name }).ToArray(),
            },
        },
        ["egress"] = Array.Empty<object>(),
    });

    // A port's name has 15 characters at most.
    private IEnumerable<(string Name, int Port)> Ports() => KubernetesNames.Endpoints(resource).Select(endpoint =>
        (endpoint.Name.Length <= 15 ? endpoint.Name.ToLowerInvariant() : string.Create(CultureInfo.InvariantCulture, $"p{KubernetesNames.Port(resource, endpoint)}"),
            KubernetesNames.Port(resource, endpoint)));

    private static Map Object(string apiVersion, string kind, string name, Map labels, Map spec) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new Map { ["name"] = name, ["labels"] = labels },
        ["spec"] = spec,
    };
}
