using System.Text.Json;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Redis;

/// <summary>The .NET tool <c>garnet-server</c> of the repository's tool manifest.</summary>
internal static class GarnetTool
{
    private const string Package = "garnet-server";
    private const string Assembly = "GarnetServer.dll";

    /// <summary>
    /// The tool's assembly, restored when it is not there. It is started directly: <c>dotnet tool run</c> would leave a
    /// process between the AppHost and the server.
    /// </summary>
    /// <exception cref="DistributedApplicationException">There is no manifest with the tool, or it cannot be restored.</exception>
    public static async Task<string> FindOrRestoreAsync(string appHostDirectory, CancellationToken cancellationToken)
    {
        var manifest = FindManifest(appHostDirectory) ?? throw new DistributedApplicationException(
            $"redis-server is not on PATH, and no folder from '{appHostDirectory}' upwards has .config/dotnet-tools.json");
        var version = ReadVersion(manifest) ?? throw new DistributedApplicationException(
            $"redis-server is not on PATH, and '{manifest}' has no tool '{Package}'");
        return Find(version)
            ?? await RestoreAsync(Path.GetDirectoryName(Path.GetDirectoryName(manifest))!, version, cancellationToken);
    }

    private static string? FindManifest(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, ".config", "dotnet-tools.json");
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    // { "tools": { "garnet-server": { "version": "2.2.8", … } } }
    private static string? ReadVersion(string manifest)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(manifest));
        return json.RootElement.TryGetProperty("tools", out var tools) && tools.TryGetProperty(Package, out var tool)
            && tool.TryGetProperty("version", out var version) ? version.GetString() : null;
    }

    // packages/garnet-server/2.2.8/tools/net10.0/any/GarnetServer.dll, one folder a framework; the highest comes last.
    private static string? Find(string version)
    {
        var tools = Path.Combine(PackagesDirectory(), Package, version, "tools");
        return Directory.Exists(tools)
            ? Directory.EnumerateDirectories(tools)
                .OrderBy(path => Version.TryParse(Path.GetFileName(path).Replace("net", "", StringComparison.Ordinal), out var framework) ? framework : new Version())
                .Select(path => Path.Combine(path, "any", Assembly))
                .LastOrDefault(File.Exists)
            : null;
    }

    private static string PackagesDirectory() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } configured
        ? configured
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<string> RestoreAsync(string repository, string version, CancellationToken cancellationToken)
    {
        List<string> output = [];
        var process = ManagedProcess.Start(new ProcessCommand(ProjectCommand.DotnetPath(), ["tool", "restore"], repository), [],
            new Dictionary<string, string> { ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
            (line, _) =>
            {
                lock (output)
                {
                    output.Add(line);
                }
            });
        int code;
        try
        {
            code = await process.Exited.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync(TimeSpan.Zero);
            throw;
        }

        lock (output)
        {
            return Find(version) ?? throw new DistributedApplicationException(
                $"redis-server is not on PATH, and 'dotnet tool restore' (exit code {code}) did not bring {Package} {version}: " +
                (output.FindLast(line => line.Length > 0) ?? "it said nothing"));
        }
    }
}
