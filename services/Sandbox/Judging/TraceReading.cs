using O1Coder.Sandbox.Plain;
using O1Coder.V1;

namespace O1Coder.Sandbox.Judging;

/// <summary>
/// Reads the steps that <c>Launcher/tracing.py</c> told. They come from where the program ran and are as honest as it
/// is; what is malformed ends the trace.
/// </summary>
internal static class TraceReading
{
    private const int MostSteps = 200;
    private const int MostChanges = 16;
    private const int LongestText = 120;
    private static readonly string[] s_events = ["line", "call", "return", "exception"];

    /// <summary>The trace of a run; null where nothing was told.</summary>
    /// <param name="frames">What came over the channel.</param>
    /// <param name="program">The program's source.</param>
    public static Trace? Read(ReadOnlyMemory<byte> frames, string program)
    {
        List<PlainValue> said;
        try
        {
            said = WireReader.ReadFrames(frames);
        }
        catch (PlainFormatException)
        {
            return null; // the program wrote here too: there is no telling its words from the tracer's
        }

        var (lines, trace) = (program.Split('\n'), new Trace());
        foreach (var frame in said)
        {
            switch (frame.Items)
            {
                case [{ Text: "step" }, var step] when trace.Steps.Count < MostSteps && Step(step, lines) is { } read:
                    trace.Steps.Add(read);
                    break;
                case [{ Text: "last" }, { Kind: PlainKind.Integer } leftOut, { Kind: PlainKind.List } steps]:
                    trace.LeftOut = leftOut.Integer >= 0 && leftOut.Integer <= int.MaxValue ? (long)leftOut.Integer : 0;
                    trace.Steps.AddRange(steps.Items.Take(MostSteps - trace.Steps.Count).Select(step => Step(step, lines)).OfType<TraceStep>());
                    break;
                default:
                    return trace.Steps.Count > 0 ? trace : null;
            }
        }

        return trace.Steps.Count > 0 ? trace : null;
    }

    private static TraceStep? Step(PlainValue step, string[] lines) =>
        step.Items is [{ Kind: PlainKind.Integer } line, { Text: var what }, { Kind: PlainKind.Text } function, { Kind: PlainKind.List } changes]
            && line.Integer >= 0 && line.Integer <= lines.Length && s_events.Contains(what)
            ? new TraceStep
            {
                Line = (int)line.Integer,
                Event = what,
                Function = Cut(function.Text),
                Source = line.Integer > 0 ? Cut(lines[(int)line.Integer - 1].TrimEnd('\r')) : "",
                Changes = { changes.Items.Take(MostChanges).Select(change => Cut(change.Text)) },
            }
            : null;

    // A lone surrogate is text to Python and to nobody else.
    private static string Cut(string text)
    {
        var cut = text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…";
        return string.Concat(cut.EnumerateRunes().Select(rune => rune.ToString()));
    }
}
