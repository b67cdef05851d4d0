namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says that a resource is not shown unless asked for.</summary>
internal sealed class HiddenAnnotation : IResourceAnnotation;
