namespace Aspire.Hosting.ApplicationModel;

/// <summary>The base of every resource.</summary>
public abstract class Resource : IResource
{
    /// <summary>Names the resource.</summary>
    /// <param name="name">1 to 64 characters: an ASCII letter, then letters, digits and single hyphens.</param>
    /// <exception cref="ArgumentException">The name is not of that form.</exception>
    protected Resource(string name)
    {
        ResourceName.Validate(name, "Resource");
        Name = name;
    }

    /// <inheritdoc />
    public virtual string Name { get; }

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}
