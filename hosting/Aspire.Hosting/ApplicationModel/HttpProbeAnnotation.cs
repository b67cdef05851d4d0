namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a resource tells of its health over HTTP, for those who deploy it.</summary>
/// <param name="EndpointName">The endpoint.</param>
/// <param name="Path">The path.</param>
internal sealed record HttpProbeAnnotation(string EndpointName, string Path) : IResourceAnnotation;
