using Grpc.Core;

namespace O1Coder.Policy;

/// <summary>Holds the model once it is loaded, or why it is not.</summary>
internal sealed class ModelHost : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private LoadedModel? _loaded;
    private bool _disposed;

    /// <summary>The model, or null while it is loading.</summary>
    public LoadedModel? Loaded
    {
        get
        {
            lock (_lock)
            {
                return _loaded;
            }
        }
    }

    /// <summary>Why loading failed, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>The model.</summary>
    /// <exception cref="RpcException">Unavailable: it is still loading.</exception>
    public LoadedModel Require() => Loaded
        ?? throw new RpcException(new Status(StatusCode.Unavailable, "the model is loading; try again"));

    /// <summary>Says why loading failed.</summary>
    public void Fail(string reason) => Failure = reason;

    /// <summary>Takes the loaded model over; frees it at once if the service has stopped meanwhile.</summary>
    public async ValueTask SetAsync(LoadedModel loaded)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _loaded = loaded;
                return;
            }
        }

        await loaded.DisposeAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        LoadedModel? loaded;
        lock (_lock)
        {
            _disposed = true;
            (loaded, _loaded) = (_loaded, null);
        }

        if (loaded is not null)
        {
            await loaded.DisposeAsync();
        }
    }
}
