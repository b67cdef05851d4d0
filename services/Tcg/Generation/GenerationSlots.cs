using Grpc.Core;
using Microsoft.Extensions.Options;

namespace O1Coder.Tcg;

/// <summary>Counts the generations that run.</summary>
internal sealed class GenerationSlots(IOptions<TcgOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Value.Generations);

    /// <summary>Takes a place; disposing gives it back.</summary>
    /// <exception cref="RpcException">ResourceExhausted: all are taken.</exception>
    public IDisposable Enter() => _free.Wait(0)
        ? new Place(_free)
        : throw new RpcException(new Status(
            StatusCode.ResourceExhausted, $"{options.Value.Generations} generations run already, do try again later"));

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? _free = free;

        public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
    }
}
