using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace O1Coder.Inference.Onnx;

/// <summary>The process's own memory, outside the managed heap.</summary>
internal sealed unsafe class HostMemory : TensorMemory
{
    // A vector of 512 bits. The address that was given out lies behind the one to free.
    private const int Alignment = 64;

    /// <inheritdoc/>
    public override OrtMemoryInfo Info => OrtMemoryInfo.DefaultInstance;

    /// <inheritdoc/>
    public override bool IsHost => true;

    /// <inheritdoc/>
    /// <remarks>Pages that nothing touches cost nothing: what the system gives as zeros is not written.</remarks>
    public override nint Allocate(long bytes)
    {
        var start = (nint)NativeMemory.AllocZeroed((nuint)(bytes + Alignment));
        var address = (start + Alignment) & -Alignment;
        ((nint*)address)[-1] = start;
        return address;
    }

    /// <inheritdoc/>
    public override void Free(nint address)
    {
        if (address != 0)
        {
            NativeMemory.Free((void*)((nint*)address)[-1]);
        }
    }

    /// <inheritdoc/>
    public override void Copy(nint from, long fromStride, nint to, long toStride, long bytes, long rows)
    {
        for (var row = 0L; row < rows; row++)
        {
            Buffer.MemoryCopy((void*)(from + (nint)(row * fromStride)), (void*)(to + (nint)(row * toStride)), bytes, bytes);
        }
    }

    /// <inheritdoc/>
    public override void Upload(nint host, nint to, long bytes) => Buffer.MemoryCopy((void*)host, (void*)to, bytes, bytes);

    /// <inheritdoc/>
    public override void Download(nint from, nint host, long bytes) => Buffer.MemoryCopy((void*)from, (void*)host, bytes, bytes);

    /// <inheritdoc/>
    public override void Settle()
    {
    }
}
