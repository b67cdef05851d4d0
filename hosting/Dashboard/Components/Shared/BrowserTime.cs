using System.Globalization;
using Microsoft.JSInterop;

namespace O1Coder.Hosting.Dashboard.Components.Shared;

/// <summary>Times as the person's clock shows them, which need not be the dashboard's. One for each open page.</summary>
internal sealed class BrowserTime(IJSRuntime js)
{
    /// <summary>The browser's time zone, once it has been asked.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    /// <summary>Whether it has been asked.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Asks the browser. A zone that this machine does not know leaves UTC.</summary>
    public async Task LearnAsync()
    {
        var name = await js.InvokeAsync<string>("dashboard.timeZone");
        Zone = TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
        IsKnown = true;
    }

    /// <summary>A moment on the person's clock.</summary>
    public DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), Zone);

    /// <summary>Short: the time of day when it was today, with the date otherwise.</summary>
    public string Short(DateTime utc)
    {
        var local = Local(utc);
        return local.Date == Local(DateTime.UtcNow).Date
            ? local.ToString("HH:mm:ss", CultureInfo.InvariantCulture)
            : local.ToString("d MMM, HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>All of it, for titles and details.</summary>
    public string Full(DateTime utc) => Local(utc).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
