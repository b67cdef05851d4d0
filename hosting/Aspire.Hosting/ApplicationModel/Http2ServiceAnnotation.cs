namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says that a resource's http endpoints speak HTTP/2 only.</summary>
internal sealed class Http2ServiceAnnotation : IResourceAnnotation;
