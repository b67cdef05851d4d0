namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a URL is shown.</summary>
/// <param name="DisplayName">The text that is shown in its place; empty for none.</param>
/// <param name="SortOrder">Where it is among the resource's URLs: the highest is first.</param>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);
