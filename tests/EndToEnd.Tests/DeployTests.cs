using System.Text.Json;
using k8s.Models;
using O1Coder.Hosting.Tests;

namespace O1Coder.EndToEnd.Tests;

/// <summary><c>dotnet run --project AppHost -- --publisher …</c>: what a cluster is given.</summary>
public sealed class DeployTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("o1coder-test-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Kubernetes_takes_the_whole_system()
    {
        await PublishAsync("kubernetes");
        var manifests = KubernetesManifests.Read(_folder.FullName);
        manifests.AssertConsistent();
        string[] services = ["coordinator", "policy", "prm", "redis", "sandbox", "tcg", "trainer"];
        Assert.Equal(services, manifests.All<V1Deployment>().Select(deployment => deployment.Metadata.Name).Order());
        Assert.Equal(services, manifests.All<V1Service>().Select(service => service.Metadata.Name).Order());
        Assert.Equal("coordinator", Assert.Single(manifests.All<V2HorizontalPodAutoscaler>()).Metadata.Name);
        Assert.Equal("redis", manifests.Variable("coordinator", "O1CODER_CLUSTER"));
        Assert.Equal(manifests.Variable("coordinator", "O1CODER_RUNS"),
            Assert.Single(manifests.Container("coordinator").VolumeMounts, mount => mount.Name == "runs").MountPath);
        Assert.All(manifests.All<V1Deployment>(), deployment => Assert.Equal(deployment.Metadata.Name == "sandbox" ? "Unconfined" : "RuntimeDefault",
            deployment.Spec.Template.Spec.SecurityContext.SeccompProfile.Type));

        // The sandbox answers those who have programs to run, and can reach nobody.
        var policy = Assert.Single(manifests.All<V1NetworkPolicy>());
        Assert.Empty(policy.Spec.Egress);
        Assert.Equal(["coordinator", "tcg"],
            policy.Spec.Ingress.Single().FromProperty.Select(from => from.PodSelector.MatchLabels["app.kubernetes.io/name"]).Order());
        Assert.Contains("python3", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "images", "sandbox.Dockerfile"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_manifest_has_every_resource()
    {
        await PublishAsync("manifest");
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "aspire-manifest.json"), Token));
        Assert.Equal(["coordinator", "policy", "prm", "redis", "redis-password", "sandbox", "tcg", "trainer"],
            document.RootElement.GetProperty("resources").EnumerateObject().Select(resource => resource.Name).Order());
    }

    private async Task PublishAsync(string publisher)
    {
        await using var run = AppHostProcess.Start(["--publisher", publisher, "--output-path", _folder.FullName]);
        var exitCode = await run.WaitForExitAsync(TimeSpan.FromMinutes(1), Token);
        Assert.True(exitCode == 0, run.Output + run.Errors);
    }
}
