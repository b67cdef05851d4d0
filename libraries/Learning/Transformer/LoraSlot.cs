using O1Coder.Models;
using static TorchSharp.torch;

namespace O1Coder.Learning.Transformer;

/// <summary>One adapted projection's factors as views of <see cref="LoraParameters"/>.</summary>
/// <param name="Projection">Which.</param>
/// <param name="A">[rank, in], 32 bits.</param>
/// <param name="B">[out, rank], 32 bits.</param>
/// <param name="GradientA">As <paramref name="A"/>.</param>
/// <param name="GradientB">As <paramref name="B"/>.</param>
/// <param name="ComputedA"><paramref name="A"/> in the products' type.</param>
/// <param name="ComputedB"><paramref name="B"/> in the products' type.</param>
internal sealed record LoraSlot(
    Projection Projection, Tensor A, Tensor B, Tensor GradientA, Tensor GradientB, Tensor ComputedA, Tensor ComputedB);
