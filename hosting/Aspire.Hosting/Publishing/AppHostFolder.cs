namespace Aspire.Hosting.Publishing;

/// <summary>Where the AppHost is.</summary>
/// <param name="Path">Its project's folder.</param>
internal sealed record AppHostFolder(string Path);
