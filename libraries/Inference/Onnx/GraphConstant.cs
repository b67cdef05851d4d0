using Microsoft.ML.OnnxRuntime.Tensors;

namespace O1Coder.Inference.Onnx;

/// <summary>A constant that a session is given.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Its elements.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Data">Where it lies on the host.</param>
/// <param name="Bytes">How long it is.</param>
internal readonly record struct GraphConstant(string Name, TensorElementType Type, long[] Shape, nint Data, long Bytes);
