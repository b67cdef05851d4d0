using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Publishing;

/// <summary>Publishes the application in place of running it, and ends the AppHost.</summary>
internal sealed class PublishRun(IServiceProvider services, PublishingOptions options, DistributedApplicationModel model,
    IHostApplicationLifetime lifetime) : IHostedService
{
    /// <exception cref="DistributedApplicationException">There is no such publisher, or nothing can be written there.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var publisher = services.GetKeyedService<IDistributedApplicationPublisher>(options.Publisher)
            ?? throw new DistributedApplicationException($"publisher is '{options.Publisher}': expected {ManifestPublisher.Name} or {KubernetesPublisher.Name}");
        if (string.IsNullOrEmpty(options.OutputPath))
        {
            throw new DistributedApplicationException("output-path is '': expected where to write to");
        }

        try
        {
            await publisher.PublishAsync(model, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"output-path is '{options.OutputPath}': cannot be written ({exception.Message})", exception);
        }

        lifetime.StopApplication();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
