namespace Aspire.Hosting.ApplicationModel;

/// <summary>What happens to annotations of the same type when one is added.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>They stay; the new one comes last.</summary>
    Append = 0,

    /// <summary>The new one takes their place.</summary>
    Replace = 1,
}
