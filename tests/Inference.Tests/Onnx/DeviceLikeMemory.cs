using Microsoft.ML.OnnxRuntime;
using O1Coder.Inference.Onnx;

namespace O1Coder.Inference.Tests.Onnx;

/// <summary>
/// Memory that the back end must treat as a device's, though ONNX Runtime's CPU provider can read it: every copy is checked
/// against what was allocated, and counted. What a real device would answer with a wrong number or a crash fails here.
/// </summary>
internal sealed class DeviceLikeMemory : TensorMemory
{
    private readonly HostMemory _host = new();
    private readonly SortedDictionary<nint, long> _allocated = [];
    private readonly Lock _gate = new();

    public override OrtMemoryInfo Info => OrtMemoryInfo.DefaultInstance;

    public override bool IsHost => false;

    /// <summary>Bytes held now.</summary>
    public long Held { get; private set; }

    /// <summary>Bytes copied within the memory.</summary>
    public long Copied { get; private set; }

    /// <summary>Bytes brought into it.</summary>
    public long Uploaded { get; private set; }

    /// <summary>Bytes taken out of it.</summary>
    public long Downloaded { get; private set; }

    /// <summary>Whether nothing was copied since <see cref="Settle"/> was called last.</summary>
    public bool IsSettled { get; private set; } = true;

    public override nint Allocate(long bytes)
    {
        Assert.InRange(bytes, 1, long.MaxValue);
        var address = _host.Allocate(bytes);
        lock (_gate)
        {
            _allocated.Add(address, bytes);
            Held += bytes;
        }

        return address;
    }

    public override void Free(nint address)
    {
        if (address == 0)
        {
            return;
        }

        lock (_gate)
        {
            Assert.True(_allocated.Remove(address, out var bytes), "freed what was not allocated, or twice");
            Held -= bytes;
        }

        _host.Free(address);
    }

    public override void Copy(nint from, long fromStride, nint to, long toStride, long bytes, long rows)
    {
        Assert.InRange(bytes, 1, Math.Min(fromStride, toStride));
        Assert.InRange(rows, 1, long.MaxValue);
        Inside(from, ((rows - 1) * fromStride) + bytes);
        Inside(to, ((rows - 1) * toStride) + bytes);
        _host.Copy(from, fromStride, to, toStride, bytes, rows);
        Copied += bytes * rows;
        IsSettled = false;
    }

    public override void Upload(nint host, nint to, long bytes)
    {
        Inside(to, bytes);
        _host.Upload(host, to, bytes);
        Uploaded += bytes;
        IsSettled = false;
    }

    public override void Download(nint from, nint host, long bytes)
    {
        Inside(from, bytes);
        _host.Download(from, host, bytes);
        Downloaded += bytes;
    }

    public override void Settle() => IsSettled = true;

    private void Inside(nint address, long bytes)
    {
        lock (_gate)
        {
            var (start, length) = _allocated.Last(pair => pair.Key <= address);
            Assert.InRange(address + bytes, start, start + length);
        }
    }
}
