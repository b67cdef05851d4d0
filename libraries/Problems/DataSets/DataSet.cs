namespace O1Coder.Problems.DataSets;

/// <summary>
/// A data set of problems: Markdown, MBPP, HumanEval, APPS and TACO, or CodeContests, as JSON lines, a JSON array or parquet.
/// docs/data-sets.md says which fields are read and what becomes of them.
/// </summary>
/// <param name="Format">The format that was read.</param>
/// <param name="Problems">The problems, in the order of the file or, of a folder, of the files' names; no id twice.</param>
/// <param name="Skipped">The malformed lines; empty unless they were to be skipped.</param>
/// <param name="Notes">What the problems lost or kept in another form on the way, each with its line.</param>
public sealed record DataSet(
    DataSetFormat Format, IReadOnlyList<Problem> Problems, IReadOnlyList<DataFault> Skipped, IReadOnlyList<DataFault> Notes)
{
    /// <summary>Reads a data set whole: the one entry point for all formats.</summary>
    /// <param name="path">A file, or a folder of Markdown files.</param>
    /// <param name="format">The format; null to tell it from the content.</param>
    /// <param name="skipBad">Keeps the good lines of a set that has malformed ones.</param>
    /// <param name="limit">How many problems at most, at least 1; what follows them is not read.</param>
    /// <returns>The problems, at least one, and what was skipped.</returns>
    /// <exception cref="DataSetFormatException">
    /// The set cannot be read, holds no problem or, unless <paramref name="skipBad"/>, holds a malformed line; it names file,
    /// line and field.
    /// </exception>
    public static DataSet Read(string path, DataSetFormat? format = null, bool skipBad = false, int limit = int.MaxValue)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var (skipped, notes, problems) = (new List<DataFault>(), new List<DataFault>(), new List<Problem>());
        var found = format ?? DataSetFormat.Markdown;
        foreach (var (problem, rowFormat) in DataSetFile.Read(path, format, skipBad ? skipped : null, notes).Take(limit))
        {
            problems.Add(problem);
            found = rowFormat;
        }

        return problems.Count > 0
            ? new DataSet(found, problems, skipped, notes)
            : throw new DataSetFormatException(new DataFault(path, 0, "", skipped.Count == 0
                ? "holds no problem"
                : $"holds no good problem; {skipped.Count} malformed, the first: {skipped[0].Message}"));
    }

    /// <summary>
    /// Reads a data set problem by problem. Memory is one problem and all ids; of a parquet file, one row group.
    /// </summary>
    /// <param name="path">A file, or a folder of Markdown files.</param>
    /// <param name="format">The format; null to tell it from the content.</param>
    /// <param name="skipped">Takes the malformed lines; null refuses the first.</param>
    /// <param name="notes">Takes what the problems lost or kept in another form on the way; null for nobody.</param>
    /// <returns>The problems, with the format of each; may be none.</returns>
    /// <exception cref="DataSetFormatException">
    /// The set cannot be read or, without <paramref name="skipped"/>, holds a malformed line; it names file, line and field.
    /// </exception>
    public static IEnumerable<(Problem Problem, DataSetFormat Format)> Stream(
        string path, DataSetFormat? format = null, ICollection<DataFault>? skipped = null, ICollection<DataFault>? notes = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return DataSetFile.Read(path, format, skipped, notes);
    }
}
