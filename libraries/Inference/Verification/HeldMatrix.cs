using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Verification;

/// <summary>How our own kernels would hold tensors that they multiply together, and what that loses.</summary>
/// <param name="Stored">The types that the files have, in the order of the tensors, each once.</param>
/// <param name="Format">The format in memory.</param>
/// <param name="Bytes">Bytes that all rows take.</param>
/// <param name="Weights">Elements of all rows.</param>
/// <param name="Squares">Σ (error / block's scale)² over the sampled weights.</param>
/// <param name="Sampled">How many those are.</param>
/// <param name="Largest">The largest |error| / block's scale; the scale is that of the format in memory.</param>
internal sealed record HeldMatrix(string Stored, string Format, long Bytes, long Weights, double Squares, long Sampled, double Largest)
{
    private const int SampledRows = 64;

    /// <summary>Packs some rows and compares them with what is stored.</summary>
    /// <exception cref="ArgumentException">The matrix cannot be held so; the message says why.</exception>
    public static HeldMatrix Measure(IWeights weights, IReadOnlyList<string> names, WeightPrecision precision)
    {
        using var sample = new SampledWeights(weights, SampledRows);
        using var packed = PackedWeights.Pack(sample, names, precision, Environment.ProcessorCount);
        var (held, wanted) = (new float[packed.Inputs], new float[packed.Inputs]);
        var (squares, sampled, largest, output) = (0.0, 0L, 0.0, 0);
        foreach (var name in names)
        {
            for (var row = 0; row < sample.Shape(name)[0]; row++, output++)
            {
                Read(packed, output, held);
                sample.ReadRows(name, row, wanted);
                for (var start = 0; start < wanted.Length; start += ActivationRows.Block)
                {
                    var scale = Scale(packed.Format, wanted.AsSpan(start, ActivationRows.Block));
                    for (var i = start; scale > 0 && i < start + ActivationRows.Block; i++)
                    {
                        var error = Math.Abs((double)held[i] - wanted[i]) / scale;
                        (squares, largest) = (squares + (error * error), Math.Max(largest, error));
                    }

                    sampled += ActivationRows.Block;
                }
            }
        }

        var rows = names.Sum(name => weights.Shape(name)[0]);
        var panels = (rows + PackedWeights.PanelOutputs - 1) / PackedWeights.PanelOutputs;
        return new HeldMatrix(
            string.Join(" and ", names.Select(name => $"{weights.StoredType(name)}").Distinct()), packed.Format,
            packed.Bytes / packed.Panels * panels, rows * packed.Inputs, squares, sampled, largest);
    }

    private static unsafe void Read(PackedWeights packed, int output, float[] row)
    {
        fixed (float* to = row)
        {
            packed.ReadRow(output, to);
        }
    }

    // Where nothing was converted any scale will do.
    private static double Scale(string format, ReadOnlySpan<float> block)
    {
        var extreme = 0.0;
        foreach (var weight in block)
        {
            extreme = Math.Max(extreme, Math.Abs(weight));
        }

        return extreme / (format == Q80Format.Name ? 127 : 8);
    }
}
