namespace O1Coder.Inference.Onnx;

/// <summary>A weight matrix [rows, columns] outside the managed heap, because sessions keep pointers to it.</summary>
/// <param name="format">How it is held.</param>
/// <param name="rows">Output features.</param>
/// <param name="columns">Input features.</param>
internal abstract class GraphMatrix(MatrixFormat format, int rows, int columns) : IDisposable
{
    /// <summary>How it is held.</summary>
    public MatrixFormat Format { get; } = format;

    /// <summary>Output features.</summary>
    public int Rows { get; } = rows;

    /// <summary>Input features.</summary>
    public int Columns { get; } = columns;

    /// <summary>It as the graph's constants.</summary>
    /// <param name="name">The matrix's name in the graph.</param>
    /// <param name="isTable">Whether rows are looked up, not multiplied with.</param>
    public abstract IEnumerable<GraphConstant> Constants(string name, bool isTable);

    /// <inheritdoc/>
    public abstract void Dispose();
}
