namespace Aspire.Hosting;

/// <summary>What the AppHost does.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It runs the application.</summary>
    Run = 0,

    /// <summary>It writes how the application is deployed.</summary>
    Publish = 1,
}
