using O1Coder.Models;

namespace O1Coder.Inference.Cpu;

/// <summary>
/// A matrix [outputs, inputs] packed in panels of 32 outputs, in native memory: one image for every batch size and kernel.
/// Of one thread only while it is packed and disposed of.
/// </summary>
internal abstract unsafe class PackedWeights : IDisposable
{
    /// <summary>Outputs of one panel.</summary>
    public const int PanelOutputs = 32;

    /// <summary>Rows of the matrix.</summary>
    public int Outputs { get; protected init; }

    /// <summary>Columns of the matrix, a multiple of 32.</summary>
    public int Inputs { get; protected init; }

    /// <summary>Panels; the last one may have fewer outputs than 32.</summary>
    public int Panels => (Outputs + PanelOutputs - 1) / PanelOutputs;

    /// <summary>Native memory that it takes.</summary>
    public abstract long Bytes { get; }

    /// <summary>The format's name, for people: <c>q4_0</c>, <c>float32</c>, …</summary>
    public abstract string Format { get; }

    /// <summary>Packs tensors of equal width one below another. Reads them row by row.</summary>
    /// <param name="weights">Where they are.</param>
    /// <param name="names">The tensors; where their stored types differ and precision is as stored, all become float32.</param>
    /// <param name="precision">How they are to be held.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="ArgumentException">
    /// Tensors that are no matrices, whose widths differ or are no multiples of 32, or weights that cannot be converted.
    /// </exception>
    /// <exception cref="ModelFormatException">A tensor is missing or of a type that is not known.</exception>
    public static PackedWeights Pack(IWeights weights, IReadOnlyList<string> names, WeightPrecision precision, int threads)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var rows = new WeightRows(weights, names);
        return (precision, rows.StoredType) switch
        {
            (not WeightPrecision.Float32, GgufTensorType.Q4_0) => new PanelWeights<Q40Format>(rows, threads),
            (not WeightPrecision.Float32, GgufTensorType.Q4_1) => new PanelWeights<Q41Format>(rows, threads),
            (WeightPrecision.AsStored, GgufTensorType.Q8_0) => new PanelWeights<Q80Format>(rows, threads),
            (WeightPrecision.AsStored, GgufTensorType.F16) => new PanelWeights<FloatFormat<F16Number>>(rows, threads),
            (WeightPrecision.AsStored, GgufTensorType.BF16) => new PanelWeights<FloatFormat<BF16Number>>(rows, threads),
            (WeightPrecision.Int4, _) => new PanelWeights<Q40Format>(rows, threads),
            (WeightPrecision.Int8, _) => new PanelWeights<Q80Format>(rows, threads),
            (WeightPrecision.AsStored or WeightPrecision.Float32, _) => new PanelWeights<FloatFormat<F32Number>>(rows, threads),
            _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "expected a defined precision"),
        };
    }

    /// <summary>One row as floats, as exactly as floats have it.</summary>
    /// <param name="output">The row.</param>
    /// <param name="destination">Receives <see cref="Inputs"/> floats.</param>
    public abstract void ReadRow(int output, float* destination);

    /// <summary>
    /// y[(row − firstRow) · stride + o] = Σ_k x[row][k] · W[o][k] for outputs o of some panels. Writes nothing beyond
    /// <see cref="Outputs"/>. A row's result is the same to the bit whatever the rows and panels of the call and its thread;
    /// it depends on <see cref="ActivationRows.Path"/> and <see cref="ActivationRows.Precision"/>. Any thread may call it; it
    /// allocates nothing.
    /// </summary>
    /// <param name="x">Prepared rows of <see cref="Inputs"/> elements.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="panels">How many.</param>
    /// <param name="y">Receives the results; it begins at output 0 of the first row.</param>
    /// <param name="stride">Floats from a row of results to the next.</param>
    /// <exception cref="ArgumentException">Widths differ, or rows or panels that are not there.</exception>
    public abstract void Multiply(ActivationRows x, int firstRow, int rows, int firstPanel, int panels, float* y, long stride);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the native memory back.</summary>
    protected abstract void Dispose(bool disposing);
}
