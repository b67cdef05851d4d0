using System.Text.Json;
using O1Coder.Cli.Display;
using O1Coder.Problems.DataSets;

namespace O1Coder.Cli.Datasets;

/// <summary>Counts what a data set holds and names what is wrong with it.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Format">The format; null to tell it from the content.</param>
/// <param name="SkipBad">Malformed lines are named but do not count as a failure.</param>
/// <param name="Against">Another set that no problem may share 16 words with; null for none.</param>
/// <param name="Json">One JSON object in place of text.</param>
internal sealed record DatasetCheck(string Path, DataSetFormat? Format, bool SkipBad, string? Against, bool Json)
{
    /// <summary>Checks.</summary>
    /// <returns>0 good; 1 malformed lines or words in common.</returns>
    public int Run(DatasetWork work, Terminal terminal)
    {
        var overlap = new NgramOverlap();
        if (Against is not null)
        {
            foreach (var (problem, _) in work.Read(terminal.PathOf(Against), null, null, null))
            {
                overlap.Add(problem.Id, problem.Statement);
            }
        }

        var (bad, notes, overlaps) = (new List<DataFault>(), new List<DataFault>(), new List<(string Id, NgramMatch Match)>());
        var counts = new DatasetCounts();
        var path = terminal.PathOf(Path);
        foreach (var (problem, format) in work.Read(path, Format, bad, notes))
        {
            counts.Add(problem, format);
            overlaps.AddRange(overlap.Find(problem.Statement).Select(match => (problem.Id, match)));
        }

        if (counts.Problems == 0 && bad.Count == 0)
        {
            throw new BadInputException($"{path}: holds no problem");
        }

        if (Json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(ToJson(path, counts, bad, notes, overlaps), JsonOutput.Options));
        }
        else
        {
            Show(terminal, path, counts, bad, notes, overlaps);
        }

        return (bad.Count > 0 && !SkipBad) || overlaps.Count > 0 ? ExitCodes.NotSolved : ExitCodes.Solved;
    }

    private static void Show(Terminal terminal, string path, DatasetCounts counts, List<DataFault> bad, List<DataFault> notes,
        List<(string Id, NgramMatch Match)> overlaps)
    {
        var lines = new List<string>
        {
            counts.Problems == 0 ? $"{path}: no good problem" : $"{path}: {FormatWords.Of(counts.Format)}, {Many(counts.Problems, "problem")} "
                + $"({counts.Functions} function, {counts.Problems - counts.Functions} stdio)",
            $"tests: {counts.VisibleTests + counts.HiddenTests}, {counts.HiddenTests} of them hidden",
            $"reference solutions: {counts.References}; {Many(counts.WithoutReference, "problem")} without one",
        };
        if (counts.Difficulties.Count > 0)
        {
            lines.Add("difficulty: " + string.Join(", ", counts.Difficulties.Select(pair => $"{pair.Value} {pair.Key}")));
        }

        lines.AddRange(notes.Select(note => $"note: {note.Message}"));
        lines.AddRange(bad.Select(fault => $"bad: {fault.Message}"));
        lines.AddRange(overlaps.Select(found => $"overlap: {found.Id} with {found.Match.Id}: \"{found.Match.Words}\""));
        lines.Add(bad.Count + overlaps.Count == 0
            ? "good"
            : string.Join(", ", new[] { Many(bad.Count, "malformed line"), Many(overlaps.Count, "overlap") }.Where(text => !text.StartsWith("0 ", StringComparison.Ordinal))));
        lines.ForEach(line => terminal.Out.WriteLine(TerminalText.OneLine(line)));
    }

    private static object ToJson(string path, DatasetCounts counts, List<DataFault> bad, List<DataFault> notes,
        List<(string Id, NgramMatch Match)> overlaps) => new
        {
            Ok = bad.Count + overlaps.Count == 0,
            Error = (string?)null,
            Path = path,
            Format = counts.Problems > 0 ? FormatWords.Of(counts.Format) : null,
            counts.Problems,
            Function = counts.Functions,
            Stdio = counts.Problems - counts.Functions,
            Tests = counts.VisibleTests + counts.HiddenTests,
            counts.HiddenTests,
            counts.References,
            counts.WithoutReference,
            counts.Difficulties,
            Notes = notes.Select(Entry),
            Bad = bad.Select(Entry),
            Overlaps = overlaps.Select(found => new { found.Id, With = found.Match.Id, found.Match.Words }),
        };

    private static object Entry(DataFault fault) => new { fault.File, fault.Line, fault.IsRow, fault.Field, fault.Detail };

    private static string Many(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
