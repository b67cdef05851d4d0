using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace O1Coder.Tcg;

/// <summary>Spans and measures of this service, under the name "O1Coder.Tcg".</summary>
internal static class TcgTelemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "O1Coder.Tcg";

    private static readonly Meter s_meter = new(Name);
    private static readonly Counter<long> s_cases =
        s_meter.CreateCounter<long>("o1coder.tcg.cases", "{case}", "Cases that the model wrote, by mode and by what became of them.");
    private static readonly Counter<long> s_tokens =
        s_meter.CreateCounter<long>("o1coder.tcg.generated_tokens", "{token}", "Tokens generated, by mode.");
    private static readonly ActivitySource s_source = new(Name);

    /// <summary>Begins the span of a generation; null where nobody listens.</summary>
    public static Activity? Begin(GenerationJob job) =>
        s_source.StartActivity("generate tests")?.SetTag("o1coder.problem", job.Problem.Id).SetTag("o1coder.tcg.mode", Mode(job));

    /// <summary>Counts what a generation did, however it ended.</summary>
    public static void Count(GenerationJob job, GenerationProgress progress)
    {
        var counts = progress.Counts;
        s_tokens.Add(progress.Tokens, new KeyValuePair<string, object?>("mode", Mode(job)));
        Add("good", counts.Good);
        Add("format error", counts.FormatErrors);
        Add("duplicate", counts.Duplicates);
        Add("wrong output", counts.WrongOutputs);
        Add("invalid input", counts.InvalidInputs);
        Add("disagreement", counts.Disagreements);

        void Add(string result, int count)
        {
            if (count > 0)
            {
                s_cases.Add(count, new KeyValuePair<string, object?>("mode", Mode(job)), new KeyValuePair<string, object?>("result", result));
            }
        }
    }

    private static string Mode(GenerationJob job) => job.Problem.ReferenceSolutions.Count > 0 ? "reference" : "agreement";
}
