namespace O1Coder.Models;

/// <summary>One adapted matrix's two factors: W becomes W + scale · B·A.</summary>
/// <param name="A">[rank, in], row-major: PEFT's <c>lora_A.weight</c>.</param>
/// <param name="B">[out, rank], row-major: PEFT's <c>lora_B.weight</c>.</param>
public sealed record LoraMatrices(float[] A, float[] B);
