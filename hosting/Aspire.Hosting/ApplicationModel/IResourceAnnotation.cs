namespace Aspire.Hosting.ApplicationModel;

/// <summary>Marks a type whose instances can be attached to a resource.</summary>
public interface IResourceAnnotation;
