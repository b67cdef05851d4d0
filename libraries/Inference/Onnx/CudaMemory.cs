using Microsoft.ML.OnnxRuntime;

namespace O1Coder.Inference.Onnx;

/// <summary>The memory of the first CUDA device; CUDA_VISIBLE_DEVICES says which that is.</summary>
/// <remarks>
/// The provider computes on a stream of its own that does not wait for the default one, on which these copies go: hence
/// <see cref="Settle"/> before a graph runs. A run itself returns when it is done.
/// </remarks>
internal sealed class CudaMemory : TensorMemory
{
    private readonly CudaRuntime _runtime = new();
    private readonly OrtMemoryInfo _info = new(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);

    /// <inheritdoc/>
    public override OrtMemoryInfo Info => _info;

    /// <inheritdoc/>
    public override bool IsHost => false;

    /// <inheritdoc/>
    public override nint Allocate(long bytes) => _runtime.Allocate(bytes);

    /// <inheritdoc/>
    public override void Free(nint address)
    {
        if (address != 0)
        {
            _runtime.Free(address);
        }
    }

    /// <inheritdoc/>
    public override void Copy(nint from, long fromStride, nint to, long toStride, long bytes, long rows) =>
        _runtime.Copy(from, fromStride, to, toStride, bytes, rows);

    /// <inheritdoc/>
    public override void Upload(nint host, nint to, long bytes) => _runtime.Upload(host, to, bytes);

    /// <inheritdoc/>
    public override void Download(nint from, nint host, long bytes) => _runtime.Download(from, host, bytes);

    /// <inheritdoc/>
    public override void Settle() => _runtime.Synchronize();

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _info.Dispose();
    }
}
