using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a project is. The build generates one in namespace <c>Projects</c> for each project reference.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>Whether the project needs no building before it is started.</summary>
    bool SuppressBuild => false;
}
