namespace Aspire.Hosting.Testing;

/// <summary>The builder of an application under test, as its AppHost left it: resources may still be changed, replaced or removed.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Builds the application.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
