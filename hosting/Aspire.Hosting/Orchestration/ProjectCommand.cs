using System.Reflection;
using O1Coder.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>How a project is started.</summary>
internal static class ProjectCommand
{
    /// <summary>The build configuration of the AppHost.</summary>
    public static string Configuration =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    /// <summary>
    /// The built program where the build told its path: <c>dotnet run</c> would cost seconds of MSBuild for each project
    /// and leave a wrapper process. Else <c>dotnet run --no-build</c> in the AppHost's own build configuration.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The project, or its program, is not there.</exception>
    public static ProcessCommand For(IProjectMetadata project)
    {
        var directory = Path.GetDirectoryName(project.ProjectPath)!;
        if (project is IBuiltProject built)
        {
            return File.Exists(built.TargetPath)
                ? new ProcessCommand(DotnetPath(), [built.TargetPath], directory)
                : throw new DistributedApplicationException($"Project '{project.ProjectPath}' is not built: '{built.TargetPath}' is not there.");
        }

        if (!File.Exists(project.ProjectPath))
        {
            throw new DistributedApplicationException($"Project '{project.ProjectPath}' does not exist.");
        }

        return new ProcessCommand(DotnetPath(),
            ["run", "--no-build", "--no-launch-profile", "--project", project.ProjectPath, "--configuration", Configuration, "--"],
            directory);
    }

    /// <summary>The dotnet program that runs this process, so that the resources use the same runtime.</summary>
    public static string DotnetPath()
    {
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            return Environment.ProcessPath!;
        }

        // A process started through its own executable knows its runtime's folder: <root>/shared/<framework>/<version>.
        var runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
        var beside = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "dotnet"));
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? (File.Exists(beside) ? beside : "dotnet");
    }
}
