using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using k8s.Models;

namespace O1Coder.Hosting.Tests;

/// <summary>What is written for a deployment.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hosting-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task TheManifestNamesWhatTheDeploymentDecides()
    {
        await PublishAsync("manifest", Describe);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "aspire-manifest.json"), TestApplication.Limit));
        var resources = document.RootElement.GetProperty("resources");
        Assert.False(resources.TryGetProperty("inner", out _));
        var api = resources.GetProperty("api");
        Assert.Equal("project.v0", api.GetProperty("type").GetString());
        Assert.EndsWith("Hosting.Tests.Fixtures.csproj", api.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, api.GetProperty("path").GetString()!)));
        var variables = api.GetProperty("env");
        Assert.Equal("{api.bindings.http.targetPort}", variables.GetProperty("HTTP_PORTS").GetString());
        Assert.Equal("{api.bindings.health.targetPort}", variables.GetProperty("HEALTH_PORT").GetString());
        Assert.Equal("{redis.connectionString}", variables.GetProperty("ConnectionStrings__redis").GetString());
        Assert.Equal("{other.bindings.http.url}", variables.GetProperty("services__other__http__0").GetString());
        Assert.Equal("{key.value}", variables.GetProperty("KEY").GetString());
        Assert.Equal("http2", api.GetProperty("bindings").GetProperty("http").GetProperty("transport").GetString());
        Assert.Equal("http", api.GetProperty("bindings").GetProperty("health").GetProperty("transport").GetString());
        var redis = resources.GetProperty("redis");
        Assert.Equal("container.v0", redis.GetProperty("type").GetString());
        Assert.Equal("{redis.bindings.tcp.host}:{redis.bindings.tcp.port},password={redis-password.value}", redis.GetProperty("connectionString").GetString());
        Assert.Equal(6379, redis.GetProperty("bindings").GetProperty("tcp").GetProperty("targetPort").GetInt32());
        var input = resources.GetProperty("redis-password").GetProperty("inputs").GetProperty("value");
        Assert.True(input.GetProperty("secret").GetBoolean());
        Assert.False(input.GetProperty("default").GetProperty("generate").GetProperty("special").GetBoolean());
        Assert.Equal("value.v0", resources.GetProperty("made").GetProperty("type").GetString());
        Assert.Equal("own.v0", resources.GetProperty("special").GetProperty("type").GetString());
        Assert.DoesNotContain("s3cret", document.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KubernetesTakesWhatIsWrittenForIt()
    {
        await PublishAsync("kubernetes", Describe);
        var manifests = KubernetesManifests.Read(_folder.FullName);
        manifests.AssertConsistent();
        Assert.Equal(["api", "other", "redis", "special"], manifests.All<V1Deployment>().Select(deployment => deployment.Metadata.Name).Order());

        // A port of the machine's own is not there; the others speak of addresses in the cluster.
        Assert.DoesNotContain(manifests.Container("api").Env, variable => variable.Name == "HEALTH_PORT");
        Assert.Equal("http://other:8080", manifests.Variable("api", "services__other__http__0"));
        Assert.Equal("redis:6379,password=$(SECRET_REDIS_PASSWORD)", manifests.Variable("api", "ConnectionStrings__redis"));
        Assert.Equal("$$(HOME)", manifests.Variable("api", "LITERAL"));
        Assert.Equal(8080, manifests.Container("api").ReadinessProbe.Grpc.Port);
        Assert.Equal("live", manifests.Container("api").LivenessProbe.Grpc.Service);
        Assert.Equal("/health", manifests.Container("other").ReadinessProbe.HttpGet.Path);
        Assert.Equal("s3cret", manifests.Get<V1Secret>("o1coder-secrets").StringData["key"]);
        Assert.Equal(22, manifests.Get<V1Secret>("o1coder-secrets").StringData["redis-password"].Length);
        Assert.Equal("Unconfined", manifests.Get<V1Deployment>("api").Spec.Template.Spec.SecurityContext.SeccompProfile.Type);
        Assert.Equal("RuntimeDefault", manifests.Get<V1Deployment>("other").Spec.Template.Spec.SecurityContext.SeccompProfile.Type);
        Assert.Equal(5, manifests.Get<V2HorizontalPodAutoscaler>("api").Spec.MaxReplicas);
        Assert.Equal("status.podIP", manifests.Container("api").Env.Single(variable => variable.Name == "WHERE").ValueFrom.FieldRef.FieldPath);
        Assert.Empty(manifests.Get<V1NetworkPolicy>("other").Spec.Egress);

        // The file with the secrets is its owner's, and no other has one.
        var files = Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories);
        Assert.Equal(["secrets.yaml"], files.Where(file => File.ReadAllText(file).Contains("s3cret", StringComparison.Ordinal)).Select(Path.GetFileName));
        var image = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "images", "api.Dockerfile"), TestApplication.Limit);
        Assert.Contains("RUN dotnet publish tests/Hosting.Tests.Fixtures/Hosting.Tests.Fixtures.csproj", image, StringComparison.Ordinal);
        Assert.Contains("install -y --no-install-recommends python3 &&", image, StringComparison.Ordinal);
        Assert.EndsWith("ENTRYPOINT [\"dotnet\", \"O1Coder.Hosting.Tests.Fixtures.dll\"]\n", image, StringComparison.Ordinal);
    }

    [Fact]
    public void AFieldThatKubernetesDoesNotKnowIsFound()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "odd.yaml"), "apiVersion: v1\nkind: Service\nmetadata:\n  name: odd\nspec:\n  selektor:\n    a: b\n");
        Assert.ThrowsAny<Exception>(() => KubernetesManifests.Read(_folder.FullName));
    }

    [Fact]
    public async Task WhatCannotBePublishedIsToldInOneLine()
    {
        var unknown = await Assert.ThrowsAsync<DistributedApplicationException>(() => PublishAsync("paper", _ => { }));
        Assert.Equal("publisher is 'paper': expected manifest or kubernetes", unknown.Message);
        var unwritable = await Assert.ThrowsAsync<DistributedApplicationException>(() => PublishAsync("kubernetes", _ => { }, "/proc/nowhere"));
        Assert.StartsWith("output-path is '/proc/nowhere': cannot be written", unwritable.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => PublishAsync("manifest", _ => { }, ""));
        await Assert.ThrowsAsync<MissingParameterValueException>(() => PublishAsync("kubernetes", builder =>
            builder.AddProject<Projects.Hosting_Tests_Fixtures>("api").WithHttpEndpoint().WithEnvironment("X", builder.AddParameter("absent", secret: true))));
    }

    private static void Describe(IDistributedApplicationBuilder builder)
    {
        var redis = builder.AddRedis("redis");
        var key = builder.AddParameter("key", "s3cret", secret: true);
        builder.AddConnectionString("made", ReferenceExpression.Create($"x={key}"));
        builder.AddExecutable("inner", "bash", ".").ExcludeFromManifest();
        var other = builder.AddProject<Projects.Hosting_Tests_Fixtures>("other").WithHttpEndpoint().WithHttpHealthCheck("/health")
            .PublishAsKubernetes(workload => workload.IsolatesNetwork = true);
        builder.AddProject<Projects.Hosting_Tests_Fixtures>("api").WithHttpEndpoint().AsHttp2Service()
            .WithHttpEndpoint(name: "health", env: "HEALTH_PORT").WithHttpHealthCheck("/health", endpointName: "health")
            .WithReference(redis).WithReference(other).WithEnvironment("KEY", key).WithEnvironment("LITERAL", "$(HOME)")
            .PublishAsKubernetes(workload =>
            {
                workload.LocalEndpoints.Add("health");
                workload.LivenessService = "live";
                workload.MakesNamespaces = true;
                workload.MaxReplicas = 5;
                workload.PodFields["WHERE"] = "status.podIP";
                workload.PeerPorts["silo"] = 11111;
                workload.Volumes.Add(new KubernetesVolume("runs", "/runs", "1Gi"));
                workload.ImagePackages.Add("python3");
            });
        builder.AddProject<Projects.Hosting_Tests_Fixtures>("special").WithHttpEndpoint(7410)
            .WithManifestPublishingCallback(context => context.Writer.WriteString("type", "own.v0"));
    }

    private async Task PublishAsync(string publisher, Action<IDistributedApplicationBuilder> describe, string? path = null)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = ["--publisher", publisher, "--output-path", path ?? _folder.FullName],
            ProjectDirectory = Path.Combine(Repository.Root, "AppHost"),
        });
        Assert.True(builder.ExecutionContext.IsPublishMode);
        describe(builder);
        await using var application = builder.Build();
        await application.RunAsync(TestApplication.Limit).WaitAsync(TimeSpan.FromSeconds(30), TestApplication.Limit);
    }
}
