using System.Text.Json;

namespace Aspire.Hosting.Publishing;

/// <summary>What a callback needs to write a resource into the manifest.</summary>
/// <param name="executionContext">Whether the application runs or is published.</param>
/// <param name="manifestPath">Where the manifest is written.</param>
/// <param name="writer">Writes it; inside the resource's object.</param>
/// <param name="cancellationToken">Ends it.</param>
public sealed class ManifestPublishingContext(DistributedApplicationExecutionContext executionContext, string manifestPath,
    Utf8JsonWriter writer, CancellationToken cancellationToken = default)
{
    /// <summary>Whether the application runs or is published.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>Where the manifest is written.</summary>
    public string ManifestPath { get; } = manifestPath;

    /// <summary>Writes it; inside the resource's object.</summary>
    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Ends it.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>A path as the manifest has it: relative to the manifest's folder; null for null.</summary>
    public string? GetManifestRelativePath(string? path) => path is null
        ? null
        : Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(ManifestPath))!, path).Replace('\\', '/');
}
