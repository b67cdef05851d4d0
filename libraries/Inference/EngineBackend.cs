namespace O1Coder.Inference;

/// <summary>What an engine computes with.</summary>
public enum EngineBackend
{
    /// <summary>Our own code for the processor: the default.</summary>
    Cpu,

    /// <summary>A graph on ONNX Runtime.</summary>
    Onnx,
}
