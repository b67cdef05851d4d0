using System.Diagnostics;
#if !OFFICIAL_ASPIRE
using System.Globalization;
using O1Coder.Hosting;
#endif

namespace O1Coder.AppHost;

/// <summary>
/// What a cluster has to know of the system's parts; used by <c>--publisher kubernetes</c>. It is written against hosting/, not
/// Aspire's API, so with the official packages there is nothing of it.
/// </summary>
internal static class Deployment
{
    /// <summary>Describes the resources of the system to Kubernetes.</summary>
    [Conditional("HOSTING_OF_THIS_REPOSITORY")]
    public static void Describe(IDistributedApplicationBuilder builder, SystemSettings settings)
    {
#if !OFFICIAL_ASPIRE
        var cores = settings.Cores;
        foreach (var service in builder.Resources.OfType<ProjectResource>())
        {
            // Over HTTP/1.1 a service tells its health to its own machine; the kubelet asks the service's port.
            On(service.Name, workload =>
            {
                workload.LocalEndpoints.Add("health");
                workload.LivenessService = "live";

                // The only folder that a service may write to, volumes apart.
                workload.Environment["HOME"] = "/tmp";
            });
        }

        On("policy", workload =>
        {
            HasModel(workload);
            Takes(workload, cores.Policy, "2Gi", "6Gi");
            workload.StartSeconds = 300;
        });
        On("trainer", workload =>
        {
            HasModel(workload);
            Takes(workload, cores.Trainer, "2Gi", "12Gi");
            workload.Volumes.Add(Runs(settings));

            // Publishing copies nothing native of libtorch's: it comes from the packages that the build restored.
            workload.ImageFolders[$"{Packages}/libtorch-cpu-linux-x64/*/{Native}"] = Libtorch;
            workload.ImageFolders[$"{Packages}/torchsharp/*/{Native}"] = Libtorch;
            workload.Environment["O1CODER_LIBTORCH"] = Libtorch;

            // Jobs are in the folder of runs: two trainers would both take them up.
            workload.Recreates = true;
        });
        On("sandbox", workload =>
        {
            Takes(workload, cores.Boxes, "1Gi", "4Gi");
            workload.MakesNamespaces = true;
            workload.IsolatesNetwork = true;

            // The launcher is in Python; of the other languages it offers those whose toolchain it finds.
            foreach (var package in s_sandboxPackages)
            {
                workload.ImagePackages.Add(package);
            }
        });
        On("coordinator", workload =>
        {
            Takes(workload, cores.Others, "256Mi", "1Gi");
            workload.Volumes.Add(Runs(settings));
            workload.MaxReplicas = Math.Max(4, settings.Coordinators);

            // Silos find each other by the address of their pods, in Redis.
            workload.Environment["O1CODER_CLUSTER"] = "redis";
            workload.Environment["O1CODER_SILO_PORT"] = "11111";
            workload.Environment["O1CODER_GATEWAY_PORT"] = "30000";
            workload.PodFields["O1CODER_SILO_ADDRESS"] = "status.podIP";
            workload.PeerPorts["silo"] = 11111;
            workload.PeerPorts["gateway"] = 30000;
        });

        void On(string name, Action<KubernetesWorkload> configure) => builder.CreateResourceBuilder(
            builder.Resources.Single(resource => resource.Name == name)).PublishAsKubernetes(configure);

        void HasModel(KubernetesWorkload workload)
        {
            var name = Path.GetFileName(settings.Model);
            workload.ImageFolders[$"models/{name}"] = settings.Model;
        }
#endif
    }

#if !OFFICIAL_ASPIRE
    private const string Packages = "/root/.nuget/packages";
    private const string Native = "runtimes/linux-x64/native/";
    private const string Libtorch = "/libtorch/";

    private static readonly string[] s_sandboxPackages = ["python3", "gcc", "g++", "default-jdk-headless", "nodejs", "rustc", "golang-go"];

    private static KubernetesVolume Runs(SystemSettings settings) => new("runs", settings.Runs, "20Gi");

    private static void Takes(KubernetesWorkload workload, int cores, string memory, string mostMemory)
    {
        workload.CpuRequest = cores.ToString(CultureInfo.InvariantCulture);
        workload.CpuLimit = workload.CpuRequest;
        workload.MemoryRequest = memory;
        workload.MemoryLimit = mostMemory;
    }
#endif
}
