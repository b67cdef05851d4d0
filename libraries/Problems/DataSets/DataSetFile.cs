namespace O1Coder.Problems.DataSets;

/// <summary>The problems of one data set, row by row.</summary>
internal static class DataSetFile
{
    /// <summary>The foreign formats; each is told by its keys.</summary>
    private static readonly IRowShape[] s_shapes = [new HumanEvalShape(), new MbppShape(), new CodeContestsShape(), new StdioShape()];

    /// <summary>The shape of a foreign format.</summary>
    public static IRowShape ShapeOf(DataSetFormat format) => Array.Find(s_shapes, shape => shape.Format == format)
        ?? throw new ArgumentException($"{format} is no row of a file.", nameof(format));

    /// <summary>Reads the problems one by one; no id comes twice.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="format">The format; null to tell it from the content.</param>
    /// <param name="skipped">Takes the malformed lines; null refuses the first.</param>
    /// <param name="notes">Takes what could not be carried over; may be null.</param>
    public static IEnumerable<(Problem Problem, DataSetFormat Format)> Read(
        string path, DataSetFormat? format, ICollection<DataFault>? skipped, ICollection<DataFault>? notes)
    {
        var lines = new Dictionary<string, DataFault>(StringComparer.Ordinal);
        foreach (var row in IsMarkdown(path, format) ? ReadMarkdown(path) : ReadRows(path, format))
        {
            var (read, fault) = (row.Read, row.Fault);
            if (read is not null)
            {
                var id = read.Problem.Id;
                if (!read.HasOwnId && lines.ContainsKey(id))
                {
                    // A name may come twice; its line makes it unique and stays the same.
                    id = RowProblem.Slug($"{id}-{row.Place.Line}");
                    read = read with { Problem = read.Problem with { Id = id } };
                }

                if (lines.TryGetValue(id, out var first))
                {
                    var where = first.Line == 0 ? first.File : first.IsRow ? $"row {first.Line}" : $"line {first.Line}";
                    fault = row.Place with { Field = "id", Detail = $"its id \"{id}\" is that of {where} too; expected an id of its own" };
                }
            }

            if (fault is not null)
            {
                if (skipped is null)
                {
                    throw new DataSetFormatException(fault, row.Inner);
                }

                skipped.Add(fault);
                continue;
            }

            lines.Add(read!.Problem.Id, row.Place);
            foreach (var note in row.Notes)
            {
                notes?.Add(note);
            }

            yield return (read.Problem, row.Format);
        }
    }

    private static bool IsMarkdown(string path, DataSetFormat? format) => format is { } given
        ? given == DataSetFormat.Markdown
        : Directory.Exists(path) || Path.GetExtension(path).Equals(".md", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<ReadRow> ReadMarkdown(string path)
    {
        IReadOnlyList<string> files;
        try
        {
            files = Directory.Exists(path) ? ProblemFolder.FilesOf(path) : [path];
        }
        catch (ProblemFormatException e)
        {
            throw new DataSetFormatException(FaultOf(e), e);
        }

        foreach (var file in files)
        {
            yield return ReadMarkdownFile(file);
        }
    }

    private static ReadRow ReadMarkdownFile(string file)
    {
        var place = new DataFault(file, 0, "", "");
        try
        {
            return new ReadRow(DataSetFormat.Markdown, place, new RowProblem(ProblemMarkdown.Read(file), true), null, [], null);
        }
        catch (ProblemFormatException e)
        {
            return new ReadRow(DataSetFormat.Markdown, place, null, FaultOf(e), [], e);
        }
    }

    private static DataFault FaultOf(ProblemFormatException e)
    {
        var prefix = e.Line > 0 ? $"{e.File}:{e.Line}: " : $"{e.File}: ";
        return new DataFault(e.File, e.Line, e.Field, e.Message[prefix.Length..]);
    }

    private static IEnumerable<ReadRow> ReadRows(string path, DataSetFormat? format)
    {
        var shape = format is { } given ? ShapeOf(given) : null;
        foreach (var raw in ParquetRows.Looks(path) ? ParquetRows.Read(path) : JsonRows.Read(path))
        {
            if (raw.Row is { } row)
            {
                // One file, one format: the first row that can be told says which.
                shape ??= Array.Find(s_shapes, candidate => candidate.Fits(row));
                yield return ReadRow(row, shape);
            }
            else
            {
                yield return new ReadRow(shape?.Format ?? default, raw.Fault!, null, raw.Fault, [], null);
            }
        }
    }

    private static ReadRow ReadRow(JsonRow row, IRowShape? shape)
    {
        var place = row.Note("", "");
        if (shape is null)
        {
            return new ReadRow(default, place, null, row.Note("",
                "the keys are those of no known format; expected test_list (mbpp), entry_point and test (humaneval), input_output (stdio) or public_tests (codecontests)"), [], null);
        }

        var notes = new List<DataFault>();
        try
        {
            return new ReadRow(shape.Format, place, Extension.Apply(row, shape.Read(row, notes)), null, notes, null);
        }
        catch (DataSetFormatException e)
        {
            return new ReadRow(shape.Format, place, null, e.Fault, [], e);
        }
    }
}
