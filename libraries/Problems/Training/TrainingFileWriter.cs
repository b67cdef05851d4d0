using O1Coder.Problems.DataSets;

namespace O1Coder.Problems.Training;

/// <summary>
/// Writes a training data set example by example. The file appears, whole, with <see cref="Complete"/>; without it nothing
/// that was there is changed.
/// </summary>
public sealed class TrainingFileWriter : IDisposable
{
    private readonly AtomicFile _file;

    /// <summary>Begins a file; its folder is made where it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public TrainingFileWriter(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _file = new AtomicFile(path);
    }

    /// <summary>How many examples were written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes one example.</summary>
    /// <param name="example">The example.</param>
    /// <exception cref="ArgumentException">It breaks a rule of its format, for example a label that is NaN.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(TrainingExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        TrainingJson.Check(example);
        JsonText.WriteLine(_file.Stream, json => TrainingJson.Write(json, example));
        Count++;
    }

    /// <summary>Flushes to the disk and gives the file its name.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete() => _file.Commit();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
