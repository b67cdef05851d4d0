using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Orchestration;

/// <summary>The resources that run nothing: parameters, connection strings, and the application's own.</summary>
internal sealed class ValueResources(IServiceProvider provider, DistributedApplicationModel model, ResourceNotificationService notifications,
    ResourceLoggerService loggers, IDistributedApplicationEventing eventing, IOptions<ResourceNotificationServiceOptions> waits)
{
    /// <summary>Reads the values of parameters.</summary>
    /// <exception cref="MissingParameterValueException">
    /// One is missing, and nobody could give it later: without a dashboard. With one its state says so, and what needs it fails to start.
    /// </exception>
    public async Task ResolveAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.Where(resource => !ResourceModel.IsProcess(resource)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var value = resource is ParameterResource parameter and not ConfiguredConnectionStringResource ? parameter.Read() : null;
                await notifications.PublishUpdateAsync(resource, present => present with
                {
                    // A resource of the application's own that began with a state changes it by itself.
                    State = present.State ?? KnownResourceStates.Running,
                    Properties = value is null ? present.Properties
                        : [.. present.Properties, new ResourcePropertySnapshot("Value", value) { IsSensitive = ((ParameterResource)resource).Secret }],
                });
            }
            catch (MissingParameterValueException missing)
            {
                loggers.Write(resource.Name, $"error: {missing.Message}", isError: true);
                await notifications.PublishUpdateAsync(resource, present => present with
                {
                    State = new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Error),
                });
                if (waits.Value.DefaultWaitBehavior == WaitBehavior.StopOnResourceUnavailable)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Tells those who want to know that endpoints have addresses, connection strings can be had, and resources may begin.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.ToArray())
        {
            if (resource is IResourceWithEndpoints withEndpoints && withEndpoints.GetEndpoints().Any())
            {
                await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, provider), cancellationToken);
            }

            await eventing.PublishAsync(
                new InitializeResourceEvent(resource, eventing, loggers, notifications, provider), cancellationToken);
            if (resource is IResourceWithConnectionString connection && await HasValueAsync(connection, cancellationToken))
            {
                await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, provider), cancellationToken);
            }
        }
    }

    private static async Task<bool> HasValueAsync(IResourceWithConnectionString resource, CancellationToken cancellationToken)
    {
        try
        {
            return await resource.GetConnectionStringAsync(cancellationToken) is not null;
        }
        catch (MissingParameterValueException)
        {
            return false;
        }
    }
}
