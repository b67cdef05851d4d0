using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace O1Coder.Prm;

/// <summary>Spans and measures of this service, under the name "O1Coder.Prm".</summary>
internal static class PrmTelemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "O1Coder.Prm";

    private static readonly Meter s_meter = new(Name);
    private static readonly Counter<long> s_steps =
        s_meter.CreateCounter<long>("o1coder.prm.steps", "{step}", "Steps and candidates that were scored, by mode.");
    private static readonly ActivitySource s_source = new(Name);

    /// <summary>Scores in a span and counts what was scored.</summary>
    public static async Task<Scores> RunAsync(string what, string problem, Func<Task<Scores>> score)
    {
        using var span = s_source.StartActivity(what)?.SetTag("o1coder.problem", problem);
        var scores = await score();
        s_steps.Add(scores.Margins.Count, new KeyValuePair<string, object?>("mode", scores.Mode.ToString()));
        span?.SetTag("o1coder.prm.mode", scores.Mode.ToString()).SetTag("o1coder.prm.steps", scores.Margins.Count);
        return scores;
    }
}
