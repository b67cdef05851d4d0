namespace Aspire.Hosting.ApplicationModel;

/// <summary>A program that is part of the application.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="command">The program: a path, or a name that is found on PATH.</param>
/// <param name="workingDirectory">The folder to start it in.</param>
public class ExecutableResource(string name, string command, string workingDirectory) : Resource(name),
    IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>The program: a path, or a name that is found on PATH.</summary>
    public string Command { get; } = command;

    /// <summary>The folder to start it in.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}
