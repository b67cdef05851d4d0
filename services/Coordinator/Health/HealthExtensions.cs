using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.Coordinator;

/// <summary>What <c>/health</c> of this service looks at.</summary>
internal static class HealthExtensions
{
    /// <summary>Adds checks of Policy, Sandbox and, where there is one, Redis.</summary>
    public static WebApplicationBuilder AddDependencyChecks(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var checks = builder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration("policy", services => new DependencyHealthCheck("policy", async options =>
                await services.GetRequiredService<V1.PolicyService.PolicyServiceClient>().GetModelAsync(new V1.GetModelRequest(), options)), null, null))
            .Add(new HealthCheckRegistration("sandbox", services => new DependencyHealthCheck("sandbox", async options =>
                await services.GetRequiredService<V1.SandboxService.SandboxServiceClient>().GetCapabilitiesAsync(new V1.GetCapabilitiesRequest(), options)), null, null));
        if (!string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString("redis")))
        {
            checks.AddCheck<RedisHealthCheck>("redis");
        }

        return builder;
    }
}
