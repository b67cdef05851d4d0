using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resources of an application, in the order in which they were added.</summary>
internal sealed class ResourceCollection : Collection<IResource>, IResourceCollection;
