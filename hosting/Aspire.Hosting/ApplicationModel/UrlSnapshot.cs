namespace Aspire.Hosting.ApplicationModel;

/// <summary>A URL of a started resource.</summary>
/// <param name="Name">The endpoint's name; null for none.</param>
/// <param name="Url">The URL.</param>
/// <param name="IsInternal">Whether it is not meant for people.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>Whether nobody answers there yet.</summary>
    public bool IsInactive { get; init; }

    /// <summary>How it is shown.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}
