using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>Adds programs.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">The program: a path, or a name that is found on PATH.</param>
    /// <param name="workingDirectory">The folder to start it in, absolute or relative to the AppHost's.</param>
    /// <param name="args">Its arguments.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(this IDistributedApplicationBuilder builder, string name,
        string command, string workingDirectory, params string[]? args) =>
        AddExecutable(builder, name, command, workingDirectory, (object[]?)args);

    /// <summary>Adds a program whose arguments are text or values that are known only at the start.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">The program: a path, or a name that is found on PATH.</param>
    /// <param name="workingDirectory">The folder to start it in, absolute or relative to the AppHost's.</param>
    /// <param name="args">Its arguments.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(this IDistributedApplicationBuilder builder, string name,
        string command, string workingDirectory, params object[]? args)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(command);
        var directory = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        var process = new ProcessCommand(command, [], directory);
        return builder.AddResource(new ExecutableResource(name, command, directory))
            .WithAnnotation(new ProcessAnnotation((_, _) => Task.FromResult(process)))
            .WithLifecycleCommands()
            .WithArgs(args ?? []);
    }
}
