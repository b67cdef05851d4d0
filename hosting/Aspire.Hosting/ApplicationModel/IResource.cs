namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a project, an executable, a server, a parameter.</summary>
public interface IResource
{
    /// <summary>The name, unique in the application without regard to case.</summary>
    string Name { get; }

    /// <summary>What was said about the resource: endpoints, environment, dependencies, health checks.</summary>
    ResourceAnnotationCollection Annotations { get; }
}
