using Microsoft.AspNetCore.Components;
using O1Coder.Hosting.Dashboard.AppHost;

namespace O1Coder.Hosting.Dashboard.Components.Shared;

/// <summary>A component that shows what the AppHost says and renders again when that changes.</summary>
public abstract class AppHostComponent : ComponentBase, IDisposable
{
    private int _pending;
    private bool _disposed;

    [Inject]
    internal AppHostState State { get; set; } = null!;

    private protected AppHostSnapshot Snapshot => State.Current;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => State.Changed += OnChanged;

    /// <summary>Stops listening.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _disposed = true;
        State.Changed -= OnChanged;
    }

    /// <summary>Called before the rendering that a change brings.</summary>
    protected virtual void OnAppHostChanged()
    {
    }

    // Many changes that come before the page gets to render are one rendering.
    private void OnChanged()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0)
        {
            _ = InvokeAsync(() =>
            {
                Volatile.Write(ref _pending, 0);
                if (!_disposed)
                {
                    OnAppHostChanged();
                    StateHasChanged();
                }
            });
        }
    }
}
