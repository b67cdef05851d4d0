using System.Threading.Channels;
using Grpc.Core;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>The programs of a call that are under way, and their results that wait to be sent.</summary>
internal sealed class BatchCall : IDisposable
{
    private readonly int _atOnce;
    private readonly SemaphoreSlim _room;
    private readonly Channel<ExecuteBatchResponse> _results;
    private readonly CancellationTokenSource _stop;
    private Exception? _failure;

    /// <summary>Makes a call of at most <paramref name="atOnce"/> programs under way and <paramref name="ahead"/> results unsent.</summary>
    public BatchCall(int atOnce, int ahead, CancellationToken cancellationToken)
    {
        _atOnce = atOnce;
        _room = new SemaphoreSlim(atOnce, atOnce);
        _results = Channel.CreateBounded<ExecuteBatchResponse>(new BoundedChannelOptions(ahead) { SingleReader = true });
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Results in the order in which they became known.</summary>
    public ChannelReader<ExecuteBatchResponse> Results => _results.Reader;

    /// <summary>Cancelled when the caller cancels or the call fails.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Waits until one more program may be started; then true.</summary>
    public async Task<bool> HasRoomAsync(CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        _room.Release();
        return true;
    }

    /// <summary>Starts a program; what it returns, or its error, is sent under its name.</summary>
    public void Start(Func<Task<ExecuteBatchResponse>> run, string id)
    {
        // Only the one that reads the call takes room, and it has just seen some.
        _room.Wait(CancellationToken.None);
        _ = RunAsync(run, id);
    }

    /// <summary>Queues a result; waits while too many are unsent.</summary>
    public Task SendAsync(ExecuteBatchResponse result) => _results.Writer.WriteAsync(result, Stopped).AsTask();

    /// <summary>Ends the call over an error; the first one counts.</summary>
    public void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref _failure, exception, null);
        _stop.Cancel();
    }

    /// <summary>Waits for what is under way, and closes the queue of results.</summary>
    public async Task EndAsync()
    {
        for (var program = 0; program < _atOnce; program++)
        {
            await _room.WaitAsync(CancellationToken.None);
        }

        _results.Writer.Complete();
    }

    /// <summary>Throws what ended the call.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is RpcException failure)
        {
            throw failure;
        }

        if (_failure is not null)
        {
            throw _failure is OperationCanceledException
                ? new OperationCanceledException(_failure.Message, _failure)
                : new InvalidOperationException(_failure.Message, _failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _room.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Func<Task<ExecuteBatchResponse>> run, string id)
    {
        await Task.Yield();
        try
        {
            await SendAsync(await ResultAsync(run, id));
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
        finally
        {
            _room.Release();
        }
    }

    private static async Task<ExecuteBatchResponse> ResultAsync(Func<Task<ExecuteBatchResponse>> run, string id)
    {
        try
        {
            return await run();
        }
        catch (RpcException exception) when (exception.StatusCode != StatusCode.FailedPrecondition)
        {
            // Of one program; where programs cannot be isolated at all, it is of the call.
            return new ExecuteBatchResponse { Id = id, Error = new BatchError { Code = (int)exception.StatusCode, Message = exception.Status.Detail } };
        }
    }
}
