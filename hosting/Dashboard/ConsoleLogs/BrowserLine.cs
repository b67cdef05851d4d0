namespace O1Coder.Hosting.Dashboard.ConsoleLogs;

/// <summary>A line as console.js takes it; names are short since there are many.</summary>
/// <param name="S">Instance name.</param>
/// <param name="N">Number in its resource, from 1.</param>
/// <param name="T">Unix time in ms; null where it is not known.</param>
/// <param name="E">Written to standard error.</param>
/// <param name="P">Stretches: text, classes, style.</param>
internal sealed record BrowserLine(string S, long N, long? T, bool E, IReadOnlyList<string[]> P)
{
    /// <summary>A line for the browser.</summary>
    public static BrowserLine From(FeedLine line) => new(
        line.Instance,
        line.Line.Number,
        line.Line.At is null ? null : new DateTimeOffset(line.Line.At.ToDateTime()).ToUnixTimeMilliseconds(),
        line.Line.IsError,
        [.. AnsiText.Parse(line.Line.Text).Select(one => new[] { one.Text, one.Classes, one.Style })]);
}
