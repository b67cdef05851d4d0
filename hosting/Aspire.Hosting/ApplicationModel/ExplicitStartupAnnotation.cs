namespace Aspire.Hosting.ApplicationModel;

/// <summary>Says that a resource starts only on command.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;
