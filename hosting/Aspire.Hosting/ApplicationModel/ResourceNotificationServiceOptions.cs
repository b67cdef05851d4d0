namespace Aspire.Hosting.ApplicationModel;

/// <summary>How waits behave.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>
    /// What a wait does when the awaited resource fails and nothing else was said. Without a dashboard nobody can start
    /// the resource again, so the wait stops.
    /// </summary>
    public WaitBehavior DefaultWaitBehavior { get; set; } = WaitBehavior.StopOnResourceUnavailable;
}
