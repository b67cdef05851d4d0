using Microsoft.ML.OnnxRuntime;

namespace O1Coder.Inference.Onnx;

/// <summary>Which devices this build of ONNX Runtime knows.</summary>
internal static class GraphDevices
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>CUDA where the package has it, whether or not there is a device: without one, loading says so.</summary>
    public static GraphDevice OfBuild =>
        OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider) ? GraphDevice.Cuda : GraphDevice.Cpu;

    /// <summary>The memory of a device.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no such device; one line says what is missing.</exception>
    public static TensorMemory Memory(GraphDevice device) => device == GraphDevice.Cuda ? new CudaMemory() : new HostMemory();

    /// <summary>Adds a device's provider to a session's, before the processor's own.</summary>
    public static void Append(SessionOptions options, GraphDevice device, Precision precision)
    {
        if (device != GraphDevice.Cuda)
        {
            return;
        }

        // TensorFloat-32 has 10 bits of mantissa: enough beside int8 activations, too few where products are to be exact.
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = "0",
            ["use_tf32"] = precision == Precision.Exact ? "0" : "1",
        });
        options.AppendExecutionProvider_CUDA(cuda);
    }
}
