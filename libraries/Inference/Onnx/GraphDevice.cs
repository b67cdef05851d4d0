namespace O1Coder.Inference.Onnx;

/// <summary>What a graph runs on.</summary>
internal enum GraphDevice
{
    /// <summary>ONNX Runtime's provider for processors.</summary>
    Cpu,

    /// <summary>
    /// Its provider for CUDA, which the package that <c>-p:Accelerator=cuda</c> takes has. Weights, adapters, keys and values
    /// lie on the device, keys and values in float16, the only type in which that provider attends to groups of heads.
    /// </summary>
    Cuda,
}
