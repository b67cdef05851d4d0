namespace O1Coder.Hosting.Dashboard.AppHost;

/// <summary>The latest snapshot, and who wants to know of the next. For all pages of all people together.</summary>
internal sealed class AppHostState(AppHostOptions options)
{
    private readonly Lock _changing = new();
    private volatile AppHostSnapshot _current = AppHostSnapshot.Start(options.Endpoint is null ? AppHostLink.None : AppHostLink.Connecting);

    /// <summary>Raised after each change, on any thread; handlers return at once.</summary>
    public event Action? Changed;

    /// <summary>The latest.</summary>
    public AppHostSnapshot Current => _current;

    /// <summary>Puts another in its place.</summary>
    public void Change(Func<AppHostSnapshot, AppHostSnapshot> change)
    {
        lock (_changing)
        {
            _current = change(_current);
        }

        Changed?.Invoke();
    }
}
