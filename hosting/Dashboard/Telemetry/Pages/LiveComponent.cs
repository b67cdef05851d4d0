using Microsoft.AspNetCore.Components;
using O1Coder.Hosting.Dashboard.Components.Shared;
using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.Telemetry.Pages;

/// <summary>
/// A page over the store. It looks a few times a second whether anything came, and asks anew only then: however much comes, a
/// page is rendered no more often than that.
/// </summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource _gone = new();
    private Task _watching = Task.CompletedTask;
    private long _seen = -1;

    /// <summary>Where the telemetry is.</summary>
    [Inject]
    protected TelemetryStore Store { get; set; } = default!;

    /// <summary>The clock of the person.</summary>
    [Inject]
    private protected BrowserTime Time { get; set; } = default!;

    /// <summary>True while the page stands still.</summary>
    protected bool IsPaused { get; set; }

    /// <summary>A number that changes when something comes that the page shows.</summary>
    protected abstract long Version { get; }

    /// <summary>Asks the store.</summary>
    protected abstract void Load();

    /// <inheritdoc/>
    protected override void OnInitialized() => _watching = WatchAsync();

    /// <inheritdoc/>
    protected override void OnParametersSet() => LoadNow();

    /// <summary>Asks now, whether anything came or not.</summary>
    protected void LoadNow()
    {
        _seen = Version;
        Load();
    }

    /// <summary>Stops the page, or lets it go on.</summary>
    protected void TogglePause()
    {
        IsPaused = !IsPaused;
        if (!IsPaused)
        {
            LoadNow();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _watching;
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(s_interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_gone.Token))
            {
                if (!IsPaused && Version != _seen)
                {
                    await InvokeAsync(() =>
                    {
                        LoadNow();
                        StateHasChanged();
                    });
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }
}
