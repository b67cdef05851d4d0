using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Builds a project while the application runs.</summary>
internal static class ProjectBuild
{
    /// <summary>Runs <c>dotnet build</c> in the AppHost's own configuration; what it says goes to the resource's log.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="DistributedApplicationException">dotnet or the project's folder is not there.</exception>
    public static async Task<int> RunAsync(IResource resource, ResourceLoggerService loggers)
    {
        var project = resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath;
        var process = ManagedProcess.Start(
            new ProcessCommand(ProjectCommand.DotnetPath(),
                ["build", project, "--configuration", ProjectCommand.Configuration, "--nologo", "-v:quiet", "-nodeReuse:false"],
                Path.GetDirectoryName(project)!),
            [], new Dictionary<string, string> { ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
            (line, isError) => loggers.Write(resource.Name, line, isError));
        return await process.Exited;
    }
}
