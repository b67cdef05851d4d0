using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace O1Coder.Hosting;

/// <summary>Health of gRPC services by their own protocol. No part of Aspire's API.</summary>
public static class GrpcHealthCheckExtensions
{
    /// <summary>Makes the resource's health depend on the answer to grpc.health.v1, which every replica has to give.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="service">The service to ask for; empty for the whole server.</param>
    /// <param name="endpointName">The endpoint to ask; null for the one named http or https.</param>
    public static IResourceBuilder<T> WithGrpcHealthCheck<T>(this IResourceBuilder<T> builder, string service = "", string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(service);
        var endpoint = endpointName is not null
            ? builder.Resource.GetEndpoint(endpointName)
            : builder.Resource.GetEndpoints().FirstOrDefault(candidate => candidate.EndpointName is "http" or "https")
                ?? builder.Resource.GetEndpoint("http");
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_grpc{(service.Length > 0 ? "_" + service : "")}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(key,
            _ => new GrpcHealthCheck(endpoint, service), failureStatus: null, tags: null));
        return builder.WithHealthCheck(key);
    }
}
