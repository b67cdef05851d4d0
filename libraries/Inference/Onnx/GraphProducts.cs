using static O1Coder.Inference.Onnx.Ir.TensorProto.Types;

namespace O1Coder.Inference.Onnx;

/// <summary>Writes the graph's operators that read a weight matrix, each in the format in which it is held.</summary>
/// <param name="builder">The graph.</param>
/// <param name="formats">How each matrix is held, by its name.</param>
/// <param name="vectors">Biases by name, stored in the graph.</param>
/// <param name="precision">How activations enter the products.</param>
internal sealed class GraphProducts(
    GraphBuilder builder, IReadOnlyDictionary<string, MatrixFormat> formats, IReadOnlyDictionary<string, float[]> vectors, Precision precision)
{
    // What MatMulNBits calls float and int8 activations.
    private const int FloatLevel = 1;
    private const int ByteLevel = 4;

    /// <summary>Looks rows of a matrix up.</summary>
    /// <param name="table">The matrix's name.</param>
    /// <param name="indices">Which rows.</param>
    /// <param name="rows">Rows that it has.</param>
    /// <param name="columns">Its width.</param>
    public string LookUp(string table, string indices, int rows, int columns)
    {
        var format = formats[table];
        if (format == MatrixFormat.Float32)
        {
            builder.External(table, DataType.Float, rows, columns);
            return builder.Node("Gather", "", [table, indices], ("axis", 0));
        }

        // The head reads the same bytes; it differs only in the shape that its operator expects.
        var bits = PackedMatrix.Bits(format);
        builder.External(table, DataType.Uint8, rows, columns * bits / 8);
        builder.External(WeightNames.Scales(table), DataType.Float, rows, columns / DecoderGraph.Block);
        return builder.Node(
            "GatherBlockQuantized",
            GraphBuilder.Contributed,
            [table, indices, WeightNames.Scales(table)],
            ("gather_axis", 0),
            ("quantize_axis", 1),
            ("block_size", DecoderGraph.Block),
            ("bits", bits));
    }

    /// <summary>Multiplies with the transpose of a matrix, and adds its bias where it has one.</summary>
    /// <param name="input">What is multiplied, its last dimension as wide as the matrix.</param>
    /// <param name="weight">The matrix's name.</param>
    /// <param name="inner">Its columns.</param>
    /// <param name="outer">Its rows.</param>
    /// <param name="output">The product's name, or null for any.</param>
    public string Multiply(string input, string weight, int inner, int outer, string? output = null)
    {
        output ??= $"{weight}.product";
        var bias = vectors.TryGetValue(WeightNames.Bias(weight), out var summand)
            ? builder.Constant<float>(WeightNames.Bias(weight), DataType.Float, summand, outer)
            : null;
        var format = formats[weight];
        if (format == MatrixFormat.Float32)
        {
            builder.External(weight, DataType.Float, outer, inner);
            var product = bias is null ? output : $"{weight}.unbiased";
            builder.Node("FusedMatMul", GraphBuilder.Contributed, [input, weight], [product], ("transB", 1));
            return bias is null ? output : builder.Node("Add", "", [product, bias], [output])[0];
        }

        var bits = PackedMatrix.Bits(format);
        var codes = builder.External(weight, DataType.Uint8, outer, inner / DecoderGraph.Block, DecoderGraph.Block * bits / 8);
        var scales = builder.External(WeightNames.Scales(weight), DataType.Float, outer, inner / DecoderGraph.Block);
        return builder.Node(
            DecoderGraph.Product,
            GraphBuilder.Contributed,
            bias is null ? [input, codes, scales] : [input, codes, scales, "", "", bias],
            [output],
            ("K", inner),
            ("N", outer),
            ("bits", bits),
            ("block_size", DecoderGraph.Block),
            ("accuracy_level", precision == Precision.Exact ? FloatLevel : ByteLevel))[0];
    }
}
