using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.ConsoleLogs;

/// <summary>A line and who wrote it.</summary>
/// <param name="Instance">The resource's instance name.</param>
/// <param name="Line">What it wrote.</param>
internal readonly record struct FeedLine(string Instance, ConsoleLine Line);
