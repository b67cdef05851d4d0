using System.Text.Json;

namespace O1Coder.Cli.Checks;

/// <summary>The server that keeps values between searches: redis-server, else the garnet-server tool of the repository.</summary>
internal sealed class RedisCheck : ICheck
{
    private const string Tool = "garnet-server";

    public Finding Run(Surroundings surroundings)
    {
        var (exitCode, output) = ProgramProbe.Run("redis-server", "--version");
        if (exitCode == 0)
        {
            var version = output.Split(' ').FirstOrDefault(word => word.StartsWith("v=", StringComparison.Ordinal))?[2..];
            return new Finding("redis", Health.Ok, $"redis-server {version}");
        }

        if (surroundings.Root is null)
        {
            return new Finding("redis", Health.Missing, "no redis-server, and no repository whose tools could stand in",
                Surroundings.GoToRepository);
        }

        try
        {
            var manifest = Path.Combine(surroundings.Root, ".config", "dotnet-tools.json");
            if (ToolVersion(manifest) is not { } version)
            {
                return new Finding("redis", Health.Missing, $"no redis-server, and no {Tool} in .config/dotnet-tools.json",
                    "install redis-server, or get the file back with: git checkout -- .config");
            }

            return Directory.Exists(Path.Combine(PackageFolder(surroundings), Tool, version))
                ? new Finding("redis", Health.Ok, $"{Tool} {version}, a .NET tool of this repository")
                : new Finding("redis", Health.Warning, $"{Tool} {version} is named in the tool manifest but not here yet", "dotnet tool restore");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return new Finding("redis", Health.Missing, $".config/dotnet-tools.json cannot be read: {exception.Message}",
                "install redis-server, or get the file back with: git checkout -- .config");
        }
    }

    private static string? ToolVersion(string manifest)
    {
        if (!File.Exists(manifest))
        {
            return null;
        }

        using var json = JsonDocument.Parse(File.ReadAllText(manifest));
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Object
            && tools.TryGetProperty(Tool, out var tool) && tool.ValueKind == JsonValueKind.Object
            && tool.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.String
                ? version.GetString()
                : null;
    }

    private static string PackageFolder(Surroundings surroundings) =>
        surroundings.Variable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
