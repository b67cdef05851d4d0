namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback needs to set a resource's command-line arguments.</summary>
/// <param name="args">The arguments so far: text, or a value that is known later.</param>
/// <param name="resource">The resource.</param>
/// <param name="cancellationToken">Cancels the start.</param>
public sealed class CommandLineArgsCallbackContext(IList<object> args, IResource resource,
    CancellationToken cancellationToken = default)
{
    /// <summary>The arguments: text, or a value that is known later.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Cancels the start.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; init; } =
        new(DistributedApplicationOperation.Run);
}
