using System.Globalization;
using O1Coder.Hosting.Dashboard.Components.Shared;
using O1Coder.Hosting.Dashboard.Telemetry.Model;

namespace O1Coder.Hosting.Dashboard.Telemetry.Pages;

/// <summary>How times, durations and numbers are written for people.</summary>
internal static class Shown
{
    private const int Colours = 10;

    /// <summary>The class of a resource's colour.</summary>
    public static string Colour(TelemetryResource resource) => Colour(resource.Number - 1);

    /// <summary>The class of the colour of line <paramref name="index"/> of a chart.</summary>
    public static string Colour(int index) => $"series-{(index % Colours) + 1}";

    /// <summary>The time of day on the person's clock, with milliseconds; with the date where it is another day.</summary>
    public static string Time(long ticks, BrowserTime clock)
    {
        var time = clock.Local(new DateTime(ticks, DateTimeKind.Utc));
        return time.ToString(time.Date == clock.Local(DateTime.UtcNow).Date ? "HH:mm:ss.fff" : "yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }

    /// <summary>Date and time on the person's clock, to the last digit that was sent.</summary>
    public static string FullTime(long ticks, BrowserTime clock) =>
        clock.Local(new DateTime(ticks, DateTimeKind.Utc)).ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture);

    /// <summary>A duration in ticks of 100 ns, with a unit that suits it and three digits.</summary>
    public static string Duration(long ticks) => Seconds(ticks / (double)TimeSpan.TicksPerSecond);

    /// <summary>A duration in seconds, with a unit that suits it and three digits.</summary>
    public static string Seconds(double seconds) => Math.Abs(seconds) switch
    {
        0 => "0 s",
        < 0.001 => $"{Digits(seconds * 1e6)} µs",
        < 1 => $"{Digits(seconds * 1e3)} ms",
        < 120 => $"{Digits(seconds)} s",
        < 7200 => $"{Digits(seconds / 60)} min",
        _ => $"{Digits(seconds / 3600)} h",
    };

    /// <summary>A value of an instrument in its unit, which is one of UCUM: s, ms, By, {request}, 1, %.</summary>
    public static string Value(double? value, string unit, bool perSecond = false)
    {
        if (value is not { } number)
        {
            return "–";
        }

        var text = unit switch
        {
            "s" when !perSecond => Seconds(number),
            "ms" when !perSecond => Seconds(number / 1e3),
            "us" or "µs" when !perSecond => Seconds(number / 1e6),
            "ns" when !perSecond => Seconds(number / 1e9),
            "By" => Bytes(number),
            "%" => $"{Digits(number)} %",
            "" or "1" => Large(number),
            ['{', .. var what, '}'] => $"{Large(number)} {what}",
            _ => $"{Large(number)} {unit}",
        };
        return perSecond ? $"{text}/s" : text;
    }

    /// <summary>So many of something: "1 span", "2 spans".</summary>
    public static string Count(int count, string what) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {what}{(count == 1 ? "" : "s")}";

    /// <summary>Three digits that count, without zeros at the end.</summary>
    public static string Digits(double value)
    {
        if (!double.IsFinite(value) || value == 0)
        {
            return value == 0 ? "0" : value.ToString(CultureInfo.InvariantCulture);
        }

        var places = Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
        return Math.Round(value, places).ToString("0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>The class of a severity's colour.</summary>
    public static string Tone(Severity severity) => severity switch
    {
        Severity.Critical or Severity.Error => "tone-bad",
        Severity.Warning => "tone-warn",
        Severity.Information => "tone-info",
        _ => "tone-soft",
    };

    /// <summary>The icon of a severity.</summary>
    public static string Icon(Severity severity) => severity switch
    {
        Severity.Critical or Severity.Error => "error",
        Severity.Warning => "warning",
        Severity.Information => "info",
        _ => "dot",
    };

    /// <summary>A percentage for a style, whatever the culture.</summary>
    public static string Percent(double share) => (share * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static string Large(double value) => Math.Abs(value) switch
    {
        >= 1e9 => $"{Digits(value / 1e9)} G",
        >= 1e6 => $"{Digits(value / 1e6)} M",
        >= 1e4 => $"{Digits(value / 1e3)} k",
        _ => Digits(value),
    };

    private static string Bytes(double value) => Math.Abs(value) switch
    {
        >= 1L << 30 => $"{Digits(value / (1L << 30))} GiB",
        >= 1L << 20 => $"{Digits(value / (1L << 20))} MiB",
        >= 1L << 10 => $"{Digits(value / (1L << 10))} KiB",
        _ => $"{Digits(value)} B",
    };
}
