namespace O1Coder.Inference.Cpu;

/// <summary>One adapted matrix' factors as floats outside the managed heap.</summary>
/// <param name="a">A, [rank, inputs].</param>
/// <param name="b">B transposed, with the adapter's scale in it, [rank, outputs].</param>
/// <param name="inputs">The matrix' width.</param>
/// <param name="outputs">Its height.</param>
internal sealed unsafe class LoraFactors(float* a, float* b, int inputs, int outputs)
{
    /// <summary>A, [rank, inputs].</summary>
    public float* A => a;

    /// <summary>B transposed, with the adapter's scale in it, [rank, outputs].</summary>
    public float* B => b;

    /// <summary>The matrix' width.</summary>
    public int Inputs => inputs;

    /// <summary>The matrix' height.</summary>
    public int Outputs => outputs;
}
