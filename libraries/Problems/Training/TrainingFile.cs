using System.Buffers;
using System.Text.Json;
using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Training;

/// <summary>
/// Training data sets: one JSON object a line, in the formats that TRL reads (docs/data-sets.md). The keys of a line say
/// which it is: "completion"; "chosen" and "rejected"; these with "prefix"; or "completions" and "labels". Other keys are
/// ignored.
/// </summary>
public static class TrainingFile
{
    /// <summary>The longest line, bytes.</summary>
    public const int MaxLineBytes = 16 * 1024 * 1024;

    /// <summary>Reads a file whole.</summary>
    /// <typeparam name="T">The kind that every line must be; <see cref="TrainingExample"/> for any.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="skipBad">Keeps the good lines of a file that has malformed ones.</param>
    /// <returns>The examples and what was skipped.</returns>
    /// <exception cref="DataSetFormatException">
    /// The file cannot be read or, unless <paramref name="skipBad"/>, holds a malformed line; it names file, line and field.
    /// </exception>
    public static TrainingData<T> Read<T>(string path, bool skipBad = false)
        where T : TrainingExample
    {
        var skipped = new List<DataFault>();
        var examples = Stream<T>(path, skipBad ? skipped : null).ToList();
        return new TrainingData<T>(examples, skipped);
    }

    /// <summary>Reads a file example by example; memory is one line.</summary>
    /// <typeparam name="T">The kind that every line must be; <see cref="TrainingExample"/> for any.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="skipped">Takes the malformed lines; null refuses the first.</param>
    /// <returns>The examples, in the order of the file.</returns>
    /// <exception cref="DataSetFormatException">
    /// The file cannot be read or, without <paramref name="skipped"/>, holds a malformed line; it names file, line and field.
    /// </exception>
    public static IEnumerable<T> Stream<T>(string path, ICollection<DataFault>? skipped = null)
        where T : TrainingExample
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        foreach (var (number, bytes, error) in Utf8Lines.Read(path, MaxLineBytes))
        {
            T? example = null;
            try
            {
                example = ReadLine<T>(path, number, bytes, error);
            }
            catch (DataSetFormatException e) when (skipped is not null)
            {
                skipped.Add(e.Fault);
            }

            if (example is not null)
            {
                yield return example;
            }
        }
    }

    /// <summary>
    /// Writes a file whole: into a temporary file beside it, flushed to the disk, then renamed. What was there stays as it
    /// was until then, and for good when anything fails. <see cref="TrainingFileWriter"/> does the same example by example.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="examples">What to write; enumerated once.</param>
    /// <returns>How many were written.</returns>
    /// <exception cref="ArgumentException">An example breaks a rule of its format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public static long Write(string path, IEnumerable<TrainingExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        using var writer = new TrainingFileWriter(path);
        foreach (var example in examples)
        {
            writer.Write(example);
        }

        writer.Complete();
        return writer.Count;
    }

    private static T ReadLine<T>(string path, long number, ReadOnlyMemory<byte> bytes, string? error)
        where T : TrainingExample
    {
        var json = error is null ? JsonText.Parse(new ReadOnlySequence<byte>(bytes), out error) : default;
        var row = new JsonRow(path, number, json);
        if (error is not null)
        {
            throw row.Fault("", bytes.IsEmpty ? error : $"the line is not valid JSON: {error}");
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            throw row.Fault("", $"the line is {JsonText.NameOf(json.ValueKind)}; expected a JSON object");
        }

        return TrainingJson.Read(row, typeof(T)) as T ?? throw new InvalidOperationException("another kind came back than was asked for");
    }
}
