using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace O1Coder.Problems.DataSets;

/// <summary>
/// Writes a data set problem by problem. Each is read back before it counts as written, so nothing is lost unsaid. The set
/// appears, whole, with <see cref="Complete"/>; without it nothing that was there is changed.
/// </summary>
public sealed class DataSetWriter : IDisposable
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly IRowShape? _shape;
    private readonly IProblemSink _sink;

    private DataSetWriter(string path, IRowShape? shape, IProblemSink sink)
    {
        _path = path;
        _shape = shape;
        _sink = sink;
    }

    /// <summary>How many problems were written.</summary>
    public long Count { get; private set; }

    /// <summary>Begins a data set.</summary>
    /// <param name="path">
    /// For Markdown a folder that is missing or empty; else a file, which is replaced: parquet where its name ends in
    /// .parquet, one JSON array where it ends in .json, else one JSON object a line.
    /// </param>
    /// <param name="format">The format.</param>
    /// <returns>The writer.</returns>
    /// <exception cref="IOException">It cannot be written, or the folder is not empty.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public static DataSetWriter Create(string path, DataSetFormat format)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (format == DataSetFormat.Markdown)
        {
            return new DataSetWriter(path, null, new MarkdownSink(path));
        }

        var shape = DataSetFile.ShapeOf(format);
        return new DataSetWriter(path, shape, Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".parquet" => ParquetSink.Create(path, format),
            ".json" => new JsonSink(path, isArray: true),
            _ => new JsonSink(path, isArray: false),
        });
    }

    /// <summary>Writes one problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <exception cref="DataSetFormatException">The format cannot hold the problem; the message says which and why.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (_shape is null)
        {
            WriteMarkdown(problem);
        }
        else
        {
            _sink.Add(problem.Id, ToRow(problem, _shape));
        }

        Count++;
    }

    /// <summary>Flushes to the disk and gives the set its name.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Complete() => _sink.Commit();

    /// <inheritdoc/>
    public void Dispose() => _sink.Dispose();

    private void WriteMarkdown(Problem problem)
    {
        try
        {
            _sink.Add(problem.Id, System.Text.Encoding.UTF8.GetBytes(ProblemMarkdown.Write(problem)));
        }
        catch (ProblemFormatException e)
        {
            throw Refused(problem, $"as Markdown: {e.Message}", e);
        }
    }

    private byte[] ToRow(Problem problem, IRowShape shape)
    {
        var name = shape.Format.ToString().ToLowerInvariant();
        try
        {
            var plain = Build(json => shape.Write(json, problem));
            var read = ReadBack(shape, plain);
            var row = read.Equals(problem) ? plain : Build(json =>
            {
                shape.Write(json, problem);
                Extension.Write(json, problem, read);
            });
            return row.Length > JsonRows.MaxBytes
                ? throw Refused(problem, $"as {name}: it is larger than {Utf8Lines.Size(JsonRows.MaxBytes)}", null)
                : ReadBack(shape, row).Equals(problem)
                ? row
                : throw Refused(problem, $"as {name} so that it reads back the same", null);
        }
        catch (DataSetFormatException e) when (e.Fault.File.Length == 0)
        {
            throw Refused(problem, $"as {name}: {e.Fault.Detail}", e);
        }
        catch (FormatException e) when (e is not DataSetFormatException)
        {
            throw Refused(problem, $"as {name}: {e.Message}", e);
        }
    }

    private DataSetFormatException Refused(Problem problem, string how, Exception? inner) =>
        new(new DataFault(_path, 0, "", $"problem \"{PythonAssertions.Shorten(problem.Id)}\" cannot be written {how}"), inner);

    private static Problem ReadBack(IRowShape shape, byte[] bytes)
    {
        var json = JsonText.Parse(new ReadOnlySequence<byte>(bytes), out var error);
        var row = new JsonRow("", 1, json);
        return error is null
            ? Extension.Apply(row, shape.Read(row, [])).Problem
            : throw row.Fault("", error);
    }

    private static byte[] Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
