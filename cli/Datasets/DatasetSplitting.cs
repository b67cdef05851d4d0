using O1Coder.Cli.Display;
using O1Coder.Problems;
using O1Coder.Problems.DataSets;

namespace O1Coder.Cli.Datasets;

/// <summary>Splits a data set into a part to learn from and a part that only evaluations see.</summary>
/// <param name="From">The file or folder.</param>
/// <param name="Folder">The folder of the parts, missing or empty.</param>
/// <param name="Format">The format; null to tell it from the content.</param>
/// <param name="Evaluation">How many problems the evaluations see, or which fraction.</param>
/// <param name="Seed">Where the draws come from.</param>
/// <param name="SkipBad">Leaves out malformed lines.</param>
internal sealed record DatasetSplitting(string From, string Folder, DataSetFormat? Format, double Evaluation, ulong Seed, bool SkipBad)
{
    /// <summary>Splits: one pass chooses, another writes, so that memory is ids alone.</summary>
    /// <returns>0.</returns>
    public int Run(DatasetWork work, Terminal terminal)
    {
        var (from, folder) = (terminal.PathOf(From), Path.TrimEndingDirectorySeparator(Path.GetFullPath(terminal.PathOf(Folder))));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new BadInputException($"{Folder} is {(File.Exists(folder) ? "a file" : "not empty")}; expected a new folder");
        }

        var (skipped, notes) = (new List<DataFault>(), new List<DataFault>());
        var ids = new List<(string Id, Difficulty? Difficulty)>();
        var format = DataSetFormat.Markdown;
        foreach (var (problem, found) in work.Read(from, Format, SkipBad ? skipped : null, notes))
        {
            ids.Add((problem.Id, problem.Difficulty));
            format = found;
        }

        work.Tell(skipped, notes);
        var count = Evaluation < 1 ? (int)Math.Clamp(Math.Round(Evaluation * ids.Count), 1, Math.Max(1, ids.Count - 1)) : (int)Evaluation;
        if (count >= ids.Count)
        {
            throw new BadInputException($"--evaluation takes {count} of {ids.Count} problems; expected at least one to learn from");
        }

        var chosen = DataSetSplit.Choose(ids, count, Seed);
        var temporary = $"{folder}.{Guid.NewGuid():N}.tmp";
        try
        {
            Write(work, from, temporary, format, chosen);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder); // Empty, or this fails and changes nothing.
            }

            Directory.Move(temporary, folder);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }

        terminal.Out.WriteLine(TerminalText.OneLine(
            $"{Folder}: {ids.Count - count} problems to learn from, {count} for evaluations{(skipped.Count > 0 ? $", {skipped.Count} skipped" : "")}"));
        return ExitCodes.Solved;
    }

    private void Write(DatasetWork work, string from, string folder, DataSetFormat format, IReadOnlySet<string> chosen)
    {
        // Each part is a set of its own, in the format and kind of file that it came in.
        var ending = format == DataSetFormat.Markdown ? ""
            : Path.GetExtension(from).ToLowerInvariant() is ".parquet" or ".json" ? Path.GetExtension(from).ToLowerInvariant() : ".jsonl";
        using var learn = DataSetWriter.Create(Path.Combine(folder, "learn" + ending), format);
        using var evaluation = DataSetWriter.Create(Path.Combine(folder, "evaluation" + ending), format);
        foreach (var (problem, _) in work.Read(from, Format, SkipBad ? [] : null, null))
        {
            (chosen.Contains(problem.Id) ? evaluation : learn).Write(problem);
        }

        learn.Complete();
        evaluation.Complete();
    }
}
