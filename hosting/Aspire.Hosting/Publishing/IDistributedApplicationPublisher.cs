using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes how an application is deployed.</summary>
public interface IDistributedApplicationPublisher
{
    /// <summary>Writes it.</summary>
    /// <param name="model">The application's resources.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task PublishAsync(DistributedApplicationModel model, CancellationToken cancellationToken);
}
