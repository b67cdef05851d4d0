using O1Coder.Models.Verification;
using static TorchSharp.torch;

namespace O1Coder.Learning.Verification;

/// <summary>Fields of a reference case as tensors in double precision.</summary>
internal static class CaseTensors
{
    /// <summary>A vector.</summary>
    public static Tensor Vector(this CaseFields fields, string name, bool gradient = false) =>
        tensor(fields.Numbers(name), dtype: ScalarType.Float64, requires_grad: gradient);

    /// <summary>A matrix, [sequences, tokens].</summary>
    public static Tensor Matrix(this CaseFields fields, string name, bool gradient = false)
    {
        var rows = fields.Rows(name);
        if (rows.Length == 0 || rows.Any(row => row.Length != rows[0].Length))
        {
            throw new FormatException($"{name} is no matrix: its rows differ in length, or there is none");
        }

        return tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length], dtype: ScalarType.Float64, requires_grad: gradient);
    }
}
