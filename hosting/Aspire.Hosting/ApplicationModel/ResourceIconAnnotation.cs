namespace Aspire.Hosting.ApplicationModel;

/// <summary>The icon that a resource is shown with.</summary>
/// <param name="iconName">A name of Fluent UI's icons.</param>
/// <param name="iconVariant">How it is drawn.</param>
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    /// <summary>A name of Fluent UI's icons.</summary>
    public string IconName { get; } = iconName;

    /// <summary>How it is drawn.</summary>
    public IconVariant IconVariant { get; } = iconVariant;
}
