using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Bounds the searches that run at once.</summary>
internal sealed class SearchSlots(CoordinatorOptions options)
{
    private int _taken;

    /// <summary>Takes a slot, which disposing gives back.</summary>
    /// <exception cref="RpcException">ResourceExhausted: all are taken.</exception>
    public IDisposable Enter() => TryEnter() ?? throw new RpcException(new Status(
        StatusCode.ResourceExhausted, $"{options.MaxSearches} searches are running: retry later, or raise {CoordinatorOptions.SearchesVariable}"));

    /// <summary>Takes a slot, which disposing gives back; null when all are taken.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _taken) > options.MaxSearches)
        {
            Interlocked.Decrement(ref _taken);
            return null;
        }

        return new Slot(this);
    }

    private sealed class Slot(SearchSlots slots) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref slots._taken);
    }
}
