using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback needs to set a resource's environment variables.</summary>
/// <param name="executionContext">Whether the application runs or is published.</param>
/// <param name="resource">The resource.</param>
/// <param name="environmentVariables">The variables so far; null for none.</param>
/// <param name="cancellationToken">Cancels the start.</param>
public class EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext, IResource resource,
    Dictionary<string, object>? environmentVariables = null, CancellationToken cancellationToken = default)
{
    /// <summary>The variables: text, or a value that is known later.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Cancels the start.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The resource's log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;
}
