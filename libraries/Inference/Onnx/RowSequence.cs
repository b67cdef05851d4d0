using O1Coder.Inference.Backends;

namespace O1Coder.Inference.Onnx;

/// <summary>A sequence in a row of the graph's buffers.</summary>
internal sealed class RowSequence : KvSequence
{
    /// <summary>The row; the back end may move it.</summary>
    public int Row { get; set; }
}
