using Microsoft.ML.OnnxRuntime;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// Where the graph's large tensors lie: weights, keys and values, adapters and the inputs of a step. Addresses are the
/// memory's own; only on the host may they be followed.
/// </summary>
internal abstract class TensorMemory : IDisposable
{
    /// <summary>What ONNX Runtime calls it.</summary>
    public abstract OrtMemoryInfo Info { get; }

    /// <summary>Whether addresses are the process's own.</summary>
    public abstract bool IsHost { get; }

    /// <summary>Reserves zeros, aligned as any vector needs it. Any thread may call it.</summary>
    /// <param name="bytes">How many, at least 1.</param>
    /// <exception cref="InsufficientMemoryException">There is not so much.</exception>
    public abstract nint Allocate(long bytes);

    /// <summary>Gives memory back; 0 is nothing.</summary>
    public abstract void Free(nint address);

    /// <summary>Copies rows within this memory; source and destination do not overlap.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="fromStride">Bytes from one row to the next, at least <paramref name="bytes"/>.</param>
    /// <param name="to">Where the first row goes.</param>
    /// <param name="toStride">Bytes from one row to the next there, likewise.</param>
    /// <param name="bytes">Bytes of a row.</param>
    /// <param name="rows">Rows.</param>
    public abstract void Copy(nint from, long fromStride, nint to, long toStride, long bytes, long rows);

    /// <summary>Copies from the host into this memory.</summary>
    public abstract void Upload(nint host, nint to, long bytes);

    /// <summary>Copies from this memory to the host.</summary>
    public abstract void Download(nint from, nint host, long bytes);

    /// <summary>Returns when all copies are done; to be called before a graph runs.</summary>
    public abstract void Settle();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
