using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a command needs to run.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The id of the replica that it runs on.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Cancels it.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The resource's log.</summary>
    public required ILogger Logger { get; init; }
}
