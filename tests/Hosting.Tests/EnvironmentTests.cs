using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace O1Coder.Hosting.Tests;

/// <summary>The variables that resources are started with.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public async Task AProjectIsToldWhereToListenAndWhoItIs()
    {
        await using var test = new TestApplication();
        var api = test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("api")
            .WithHttpEndpoint().AsHttp2Service()
            .WithHttpEndpoint(name: "health", env: "HEALTH_PORT");
        var environment = await test.EnvironmentAsync(api.Resource);

        Assert.Equal(api.GetEndpoint("http").Url, environment["ASPNETCORE_URLS"]);
        Assert.Equal(api.GetEndpoint("health").Port.ToString(), environment["HEALTH_PORT"]);
        Assert.NotEqual(api.GetEndpoint("http").Port, api.GetEndpoint("health").Port);
        Assert.Equal("api", environment["OTEL_SERVICE_NAME"]);
        Assert.StartsWith("service.instance.id=", environment["OTEL_RESOURCE_ATTRIBUTES"], StringComparison.Ordinal);
        Assert.Equal("true", environment["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"]);
        Assert.Equal("simple", environment["LOGGING__CONSOLE__FORMATTERNAME"]);
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", environment.Keys);
    }

    [Fact]
    public async Task TelemetryGoesToTheCollectorThatTheAppHostWasTold()
    {
        await using var test = new TestApplication();
        test.Builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://127.0.0.1:19000";
        var api = test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("api");
        var environment = await test.EnvironmentAsync(api.Resource);
        Assert.Equal("http://127.0.0.1:19000", environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("grpc", environment["OTEL_EXPORTER_OTLP_PROTOCOL"]);
    }

    [Fact]
    public async Task AServiceReferenceExposesEveryEndpointOfEveryReplica()
    {
        await using var test = new TestApplication();
        var service = test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("my-service").WithReplicas(3)
            .WithHttpEndpoint().WithHttpEndpoint(name: "health", env: "HEALTH_PORT").WithEndpoint("silo", endpoint => endpoint.ExcludeReferenceEndpoint = true);
        var caller = test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("caller").WithReference(service);
        var environment = await test.EnvironmentAsync(caller.Resource);

        var addresses = Enumerable.Range(0, 3).Select(i => environment[$"services__my-service__http__{i}"]).ToArray();
        Assert.Equal(3, addresses.Distinct().Count());
        Assert.Equal(3, Enumerable.Range(0, 3).Select(i => environment[$"services__my-service__health__{i}"]).Distinct().Count());
        Assert.DoesNotContain("services__my-service__http__3", environment.Keys);
        Assert.DoesNotContain("services__my-service__silo__0", environment.Keys);
        Assert.Equal(addresses[0], environment["MY_SERVICE_HTTP"]);

        // Each replica is told its own port.
        for (var replica = 0; replica < 3; replica++)
        {
            Assert.Equal(addresses[replica], (await test.EnvironmentAsync(service.Resource, replica))["ASPNETCORE_URLS"]);
        }
    }

    [Fact]
    public async Task AConnectionStringComesWholeAndInParts()
    {
        await using var test = new TestApplication();
        var password = test.Builder.AddParameter("password", "abc", secret: true);
        var redis = test.Builder.AddRedis("my-redis", password: password);
        var caller = test.Script("caller", "true").WithReference(redis).WithReference(redis, connectionName: "cache")
            .WithEnvironment("DIRECT", redis);
        var environment = await test.EnvironmentAsync(caller.Resource);

        var port = redis.Resource.PrimaryEndpoint.Port.ToString();
        Assert.Equal($"127.0.0.1:{port},password=abc", environment["ConnectionStrings__my-redis"]);
        Assert.Equal(environment["ConnectionStrings__my-redis"], environment["ConnectionStrings__cache"]);
        Assert.Equal(environment["ConnectionStrings__my-redis"], environment["DIRECT"]);
        Assert.Equal("127.0.0.1", environment["MY_REDIS_HOST"]);
        Assert.Equal(port, environment["MY_REDIS_PORT"]);
        Assert.Equal("abc", environment["MY_REDIS_PASSWORD"]);
        Assert.Equal($"redis://:abc@127.0.0.1:{port}", environment["MY_REDIS_URI"]);
    }

    [Fact]
    public async Task ConfiguredConnectionStringsAreHandedOverAndOptionalOnesMayBeMissing()
    {
        await using var test = new TestApplication();
        test.Builder.Configuration["ConnectionStrings:db"] = "Host=there";
        var caller = test.Script("caller", "true")
            .WithReference(test.Builder.AddConnectionString("db"))
            .WithReference(test.Builder.AddConnectionString("other", ReferenceExpression.Create($"x={test.Builder.AddParameter("p", "1")}")))
            .WithReference(test.Builder.AddConnectionString("missing"), optional: true);
        var environment = await test.EnvironmentAsync(caller.Resource);
        Assert.Equal("Host=there", environment["ConnectionStrings__db"]);
        Assert.Equal("x=1", environment["ConnectionStrings__other"]);
        Assert.DoesNotContain("ConnectionStrings__missing", environment.Keys);
    }

    [Fact]
    public async Task EveryWayToSetAVariableWorks()
    {
        await using var test = new TestApplication();
        var service = test.Builder.AddProject<Projects.Hosting_Tests_Fixtures>("service").WithHttpEndpoint();
        var http = service.GetEndpoint("http");
        var parameter = test.Builder.AddParameter("parameter", "value");
        var caller = test.Script("caller", "true")
            .WithEnvironment("TEXT", "text")
            .WithEnvironment("CALLBACK", () => "called")
            .WithEnvironment("ENDPOINT", http)
            .WithEnvironment("PARAMETER", parameter)
            .WithEnvironment("EXPRESSION", ReferenceExpression.Create($"[{parameter}]"))
            .WithEnvironment("INTERPOLATED", $"{http.Property(EndpointProperty.Host)}|{http.Property(EndpointProperty.Port)}|{parameter}")
            .WithEnvironment(context => context.EnvironmentVariables["CONTEXT"] = 7)
            .WithReference("outside", new Uri("https://example.org"));
        var environment = await test.EnvironmentAsync(caller.Resource);
        Assert.Equal("text", environment["TEXT"]);
        Assert.Equal("called", environment["CALLBACK"]);
        Assert.Equal(http.Url, environment["ENDPOINT"]);
        Assert.Equal("value", environment["PARAMETER"]);
        Assert.Equal("[value]", environment["EXPRESSION"]);
        Assert.Equal($"127.0.0.1|{http.Port}|value", environment["INTERPOLATED"]);
        Assert.Equal("7", environment["CONTEXT"]);
        Assert.Equal("https://example.org/", environment["services__outside__default__0"]);
    }
}
