namespace Aspire.Hosting.Eventing;

/// <summary>How those who subscribed to an event are told.</summary>
public enum EventDispatchBehavior
{
    /// <summary>All at once; whoever publishes waits for them.</summary>
    BlockingConcurrent = 0,

    /// <summary>One after another; whoever publishes waits for them.</summary>
    BlockingSequential = 1,

    /// <summary>All at once; nobody waits.</summary>
    NonBlockingConcurrent = 2,

    /// <summary>One after another; nobody waits.</summary>
    NonBlockingSequential = 3,
}
