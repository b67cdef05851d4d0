namespace O1Coder.Inference.Cpu;

/// <summary>A product of a step, as its chunks are cut.</summary>
/// <param name="Matrix">The matrix.</param>
/// <param name="X">What is multiplied, from row 0 on.</param>
/// <param name="Columns">Columns of the result that are shared out.</param>
/// <param name="UnitColumns">What a chunk's columns are a multiple of; whole panels.</param>
internal readonly record struct Product(PackedWeights Matrix, ActivationRows X, int Columns, int UnitColumns)
{
    /// <summary>Whether the matrix is two halves of <see cref="Columns"/>, and a chunk has the same columns of both.</summary>
    public bool Twin { get; init; }

    /// <summary>What is done with a chunk's results, or null; it must not change other columns or rows.</summary>
    public Action<RowsAndColumns>? Finish { get; init; }

    /// <summary>Floats from a row of results to the next.</summary>
    public long Stride => Matrix.Outputs;
}
