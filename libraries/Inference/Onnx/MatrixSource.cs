using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>Tensors of equal width one below another, to be read in runs of rows by several threads.</summary>
internal sealed class MatrixSource
{
    // Large enough that a run's overhead does not count, small enough that a run is no memory to speak of.
    private const int RunRows = 64;

    private readonly IReadOnlyList<string> _names;

    /// <summary>Looks at the tensors.</summary>
    /// <exception cref="ModelFormatException">There is no such tensor.</exception>
    public MatrixSource(IWeights weights, params IReadOnlyList<string> names)
    {
        (Weights, _names) = (weights, names);
        Columns = checked((int)weights.Shape(names[0])[^1]);
        Rows = names.Sum(name => checked((int)weights.Shape(name)[0]));
    }

    /// <summary>Where the tensors are.</summary>
    public IWeights Weights { get; }

    /// <summary>Rows of all together.</summary>
    public int Rows { get; }

    /// <summary>Elements of a row.</summary>
    public int Columns { get; }

    /// <summary>The type in which all are stored, or null where they differ.</summary>
    public GgufTensorType? StoredType
    {
        get
        {
            var first = Weights.StoredType(_names[0]);
            return _names.All(name => Weights.StoredType(name) == first) ? first : null;
        }
    }

    /// <summary>Calls something for each run of rows, on several threads at once.</summary>
    /// <param name="threads">How many.</param>
    /// <param name="body">Takes the tensor, the run's first row in it, the same row here, and how many there are.</param>
    public void ForRuns(int threads, Action<string, int, int, int> body)
    {
        var runs = new List<(string Tensor, int FirstRow, int Row, int Count)>();
        var row = 0;
        foreach (var name in _names)
        {
            var rows = (int)Weights.Shape(name)[0];
            for (var first = 0; first < rows; first += RunRows)
            {
                runs.Add((name, first, row + first, Math.Min(RunRows, rows - first)));
            }

            row += rows;
        }

        Parallel.ForEach(
            runs, new ParallelOptions { MaxDegreeOfParallelism = threads }, run => body(run.Tensor, run.FirstRow, run.Row, run.Count));
    }
}
