namespace Aspire.Hosting.ApplicationModel;

/// <summary>Changes the URL that is shown for one endpoint.</summary>
internal sealed record EndpointUrlCallbackAnnotation(string EndpointName, Action<ResourceUrlAnnotation> Callback)
    : IResourceAnnotation;
