using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Redis servers.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>
    /// Adds a Redis server for this run: <c>redis-server</c> where it is on PATH, else the tool <c>garnet-server</c> of the
    /// repository's tool manifest. It listens on this machine only, with a password, bounded memory and Lua.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="port">The port; null for a free one.</param>
    /// <param name="password">The password; null for a generated one.</param>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name,
        int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // No special characters: StackExchange.Redis splits a connection string at commas.
        var secret = password?.Resource ?? builder.AddParameter($"{name}-password",
            new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true).Resource;
        var redis = new RedisResource(name, secret);
        var key = $"{name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(key, _ => new RedisHealthCheck(redis), null, null));
        return builder.AddResource(redis)
            .WithEndpoint(port: port, name: RedisResource.PrimaryEndpointName)
            .WithAnnotation(new Orchestration.ProcessAnnotation((services, token) => RedisServer.CreateCommandAsync(redis, services, token)))
            .WithLifecycleCommands()
            .WithAnnotation(RedisServer.Container(secret))
            .WithHealthCheck(key);
    }

    /// <summary>Adds a Redis server on a port.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port) =>
        builder.AddRedis(name, port, password: null);
}
