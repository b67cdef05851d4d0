using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Follows how an application is built, from outside: what <c>Aspire.Hosting.Testing</c> hooks into. A hook is in force for
/// the code that is called while it is in use, on whichever thread that goes on.
/// </summary>
internal abstract class BuilderHook
{
    private static readonly AsyncLocal<BuilderHook?> s_current = new();

    /// <summary>The hook in force; null for none.</summary>
    public static BuilderHook? Current => s_current.Value;

    /// <summary>Puts the hook in force until the result is disposed of.</summary>
    public IDisposable Use()
    {
        var before = s_current.Value;
        s_current.Value = this;
        return new Restore(before);
    }

    /// <summary>Called before the builder's host is made.</summary>
    public virtual void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
    }

    /// <summary>Called when the builder is made.</summary>
    public virtual void OnCreated(DistributedApplicationBuilder builder)
    {
    }

    /// <summary>Called before the application is built.</summary>
    public virtual void OnBuilding(DistributedApplicationBuilder builder)
    {
    }

    /// <summary>Called when the application is built.</summary>
    public virtual void OnBuilt(DistributedApplication application)
    {
    }

    private sealed class Restore(BuilderHook? before) : IDisposable
    {
        public void Dispose() => s_current.Value = before;
    }
}
