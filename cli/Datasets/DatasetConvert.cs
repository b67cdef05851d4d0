using O1Coder.Cli.Display;
using O1Coder.Problems;
using O1Coder.Problems.DataSets;

namespace O1Coder.Cli.Datasets;

/// <summary>Writes a data set in another format, problem by problem.</summary>
/// <param name="From">The file or folder.</param>
/// <param name="To">What to write.</param>
/// <param name="Format">The format of <paramref name="From"/>; null to tell it from the content.</param>
/// <param name="ToWord">The format to write, "parquet" or "auto".</param>
/// <param name="SkipBad">Leaves out malformed lines, and problems that the new format cannot hold.</param>
internal sealed record DatasetConvert(string From, string To, DataSetFormat? Format, string ToWord, bool SkipBad)
{
    /// <summary>Converts.</summary>
    /// <returns>0.</returns>
    public int Run(DatasetWork work, Terminal terminal)
    {
        var (skipped, notes) = (new List<DataFault>(), new List<DataFault>());
        var to = terminal.PathOf(To);
        if (ToWord == FormatWords.Parquet && !HasExtension(to, ".parquet"))
        {
            throw new BadInputException($"--to parquet writes {To}; expected a name that ends in .parquet");
        }

        DataSetWriter? writer = null;
        try
        {
            var format = default(DataSetFormat);
            foreach (var (problem, from) in work.Read(terminal.PathOf(From), Format, SkipBad ? skipped : null, notes))
            {
                format = writer is null ? FormatOf(problem, from, to) : format;
                writer ??= DataSetWriter.Create(to, format);
                try
                {
                    writer.Write(problem);
                }
                catch (DataSetFormatException exception) when (SkipBad)
                {
                    skipped.Add(exception.Fault);
                }
            }

            work.Tell(skipped, notes);
            if (writer is null || writer.Count == 0)
            {
                throw new BadInputException($"{From} holds no {(skipped.Count > 0 ? "good " : "")}problem; nothing was written");
            }

            writer.Complete();
            terminal.Out.WriteLine(TerminalText.OneLine(
                $"{To}: {writer.Count} problems as {FormatWords.Of(format)}{(skipped.Count > 0 ? $", {skipped.Count} skipped" : "")}"));
            return ExitCodes.Solved;
        }
        finally
        {
            writer?.Dispose();
        }
    }

    // Without a word: a file keeps the format it came in, if any; everything else becomes Markdown.
    private DataSetFormat FormatOf(Problem first, DataSetFormat from, string to)
    {
        if (FormatWords.Find(ToWord) is { } given)
        {
            return given;
        }

        var isFile = HasExtension(to, ".parquet") || HasExtension(to, ".jsonl") || HasExtension(to, ".json");
        return !isFile ? DataSetFormat.Markdown
            : from != DataSetFormat.Markdown ? from
            : first.Mode == ProblemMode.Function ? DataSetFormat.Mbpp : DataSetFormat.Stdio;
    }

    private static bool HasExtension(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);
}
