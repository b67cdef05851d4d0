namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is needed to say whether a command can run.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>The resource's present state.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }
}
