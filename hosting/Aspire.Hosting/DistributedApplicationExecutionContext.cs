namespace Aspire.Hosting;

/// <summary>Whether the application runs or is published.</summary>
/// <param name="operation">What the AppHost does.</param>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    /// <summary>What the AppHost does.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Whether the application runs.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether the application is published.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}
