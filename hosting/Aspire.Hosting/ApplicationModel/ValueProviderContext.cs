namespace Aspire.Hosting.ApplicationModel;

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>Whether the application runs or is published; null when not said.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that is given the value; null when none is.</summary>
    public IResource? Caller { get; init; }

    /// <summary>The replica of <see cref="Caller"/> that is given the value, from 0.</summary>
    internal int CallerReplica { get; init; }
}
