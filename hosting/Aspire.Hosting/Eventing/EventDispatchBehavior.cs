namespace Aspire.Hosting.Eventing;

/// <summary>How those who subscribed to an event are told.</summary>
public enum EventDispatchBehavior
{
    /// <summary>One after another; whoever publishes waits for them.</summary>
    BlockingSequential = 0,

    /// <summary>All at once; whoever publishes waits for them.</summary>
    BlockingConcurrent = 1,

    /// <summary>One after another; nobody waits.</summary>
    NonBlockingSequential = 2,

    /// <summary>All at once; nobody waits.</summary>
    NonBlockingConcurrent = 3,
}
