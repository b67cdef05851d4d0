using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>A layer's values between its products.</summary>
/// <param name="Queries">[tokens, heads, head size], turned.</param>
/// <param name="Keys">[tokens, key-value heads, head size], turned.</param>
/// <param name="Values">[tokens, key-value heads, head size].</param>
/// <param name="Attended">The output projection's input with the adapter's part.</param>
/// <param name="Middle">The residual stream between attention and feed-forward part.</param>
/// <param name="GateUp">[tokens, 2 · feed-forward size].</param>
internal sealed record LayerActivations(Tensor Queries, Tensor Keys, Tensor Values, Tensor Attended, Tensor Middle, Tensor GateUp);
