using O1Coder.Models;

namespace O1Coder.Inference.Onnx;

/// <summary>
/// The adapters that are ready to compute with. They are prepared beside the thread that computes, which never waits for
/// that.
/// </summary>
/// <param name="shape">The model's sizes.</param>
/// <param name="sessions">The graphs.</param>
/// <param name="memory">Where adapters lie.</param>
internal sealed class AdapterSet(DecoderShape shape, GraphSessions sessions, TensorMemory memory) : IDisposable
{
    private readonly Lock _preparing = new();
    private readonly Lock _gate = new();
    private readonly HashSet<AdapterImage> _adapters = [];
    private bool _disposed;

    /// <summary>Lays an adapter out. Any thread may call it.</summary>
    /// <exception cref="ArgumentException">The adapter does not fit the model; one line says how.</exception>
    /// <exception cref="ObjectDisposedException">The back end was disposed.</exception>
    public AdapterImage Prepare(LoraAdapter adapter)
    {
        lock (_preparing)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(IInferenceEngine));

            // One graph serves all adapters that change the same products, so most adapters find theirs made.
            var image = new AdapterImage(adapter, shape, sessions.For(AdapterImage.Adapted(adapter)), memory);
            lock (_gate)
            {
                _adapters.Add(image);
            }

            return image;
        }
    }

    /// <summary>Frees an adapter that nothing uses.</summary>
    public void Release(AdapterImage adapter)
    {
        lock (_gate)
        {
            _adapters.Remove(adapter);
        }

        adapter.Dispose();
    }

    /// <summary>Frees all of them, after the one that is being prepared; none is prepared afterwards.</summary>
    public void Dispose()
    {
        lock (_preparing)
        {
            _disposed = true;
            foreach (var adapter in _adapters)
            {
                adapter.Dispose();
            }

            _adapters.Clear();
        }
    }
}
