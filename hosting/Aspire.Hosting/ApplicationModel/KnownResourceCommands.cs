namespace Aspire.Hosting.ApplicationModel;

/// <summary>The commands of every resource that is a process.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts it, when it does not run.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Stops it, when it runs.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Stops and starts it.</summary>
    public static readonly string RestartCommand = "restart";

    /// <summary>Stops a project, builds it and starts it.</summary>
    public static readonly string RebuildCommand = "rebuild";
}
