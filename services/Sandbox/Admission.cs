using Grpc.Core;
using Microsoft.Extensions.Options;

namespace O1Coder.Sandbox;

/// <summary>
/// Bounds the boxes under way and the requests that wait. Requests come in turn box by box, so that one of a thousand
/// tests does not hold up one of a single test.
/// </summary>
internal sealed class Admission(IOptions<SandboxOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _boxes = new(options.Value.Concurrency, options.Value.Concurrency);
    private int _requests;

    /// <summary>Requests under way or waiting.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Takes a place for a request.</summary>
    /// <returns>Dispose it to give the place back.</returns>
    /// <exception cref="RpcException">ResourceExhausted: the queue is full.</exception>
    public IDisposable Enter()
    {
        if (Interlocked.Increment(ref _requests) > options.Value.Queue)
        {
            Interlocked.Decrement(ref _requests);
            throw new RpcException(new Status(StatusCode.ResourceExhausted,
                $"the sandbox has {options.Value.Queue} requests under way or waiting; try again later"));
        }

        return new Release(() => Interlocked.Decrement(ref _requests));
    }

    /// <summary>Waits for a box, first come first served.</summary>
    /// <returns>Dispose it to give the box back.</returns>
    public async Task<IDisposable> TakeBoxAsync(CancellationToken cancellationToken)
    {
        await _boxes.WaitAsync(cancellationToken);
        return new Release(() => _boxes.Release());
    }

    /// <inheritdoc/>
    public void Dispose() => _boxes.Dispose();

    private sealed class Release(Action action) : IDisposable
    {
        private Action? _action = action;

        public void Dispose() => Interlocked.Exchange(ref _action, null)?.Invoke();
    }
}
