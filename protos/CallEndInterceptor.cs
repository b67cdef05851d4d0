using Grpc.Core;
using Grpc.Core.Interceptors;

namespace O1Coder.V1;

/// <summary>
/// Has a client told why its call ended: DeadlineExceeded once the call's deadline has passed, Cancelled once its caller
/// cancelled it. grpc-dotnet ends such a call by disposing of the response, and whoever is reading at that moment may see
/// that as a broken connection (Unavailable), which callers would try again.
/// </summary>
public sealed class CallEndInterceptor : Interceptor
{
    /// <inheritdoc />
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        try
        {
            return continuation(request, context);
        }
        catch (RpcException exception) when (Reason(context.Options, exception) is { } status)
        {
            throw new RpcException(status, exception.Trailers);
        }
    }

    /// <inheritdoc />
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            ToldAsync(call.ResponseAsync, context.Options), ToldAsync(call.ResponseHeadersAsync, context.Options),
            call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <inheritdoc />
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(
            new ToldReader<TResponse>(call.ResponseStream, context.Options), ToldAsync(call.ResponseHeadersAsync, context.Options),
            call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <inheritdoc />
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = continuation(context);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            call.RequestStream, ToldAsync(call.ResponseAsync, context.Options), ToldAsync(call.ResponseHeadersAsync, context.Options),
            call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <inheritdoc />
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = continuation(context);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            call.RequestStream, new ToldReader<TResponse>(call.ResponseStream, context.Options), ToldAsync(call.ResponseHeadersAsync, context.Options),
            call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <summary>Why the call ended, where that is not what the exception says.</summary>
    private static Status? Reason(CallOptions options, RpcException exception, CancellationToken reading = default)
    {
        // Only what a broken connection looks like: an answer of the service keeps its status.
        if (exception.StatusCode is not (StatusCode.Unavailable or StatusCode.Internal))
        {
            return null;
        }

        return options.CancellationToken.IsCancellationRequested || reading.IsCancellationRequested
            ? new Status(StatusCode.Cancelled, "the caller cancelled the call", exception)
            : options.Deadline is { } deadline && deadline.ToUniversalTime() <= DateTime.UtcNow
                ? new Status(StatusCode.DeadlineExceeded, "the call's deadline has passed", exception)
                : null;
    }

    private static async Task<T> ToldAsync<T>(Task<T> work, CallOptions options)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (RpcException exception) when (Reason(options, exception) is { } status)
        {
            throw new RpcException(status, exception.Trailers);
        }
    }

    private sealed class ToldReader<T>(IAsyncStreamReader<T> reader, CallOptions options) : IAsyncStreamReader<T>
    {
        public T Current => reader.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var next = reader.MoveNext(cancellationToken);
            return next.IsCompletedSuccessfully ? next : WaitAsync(next, cancellationToken);
        }

        private async Task<bool> WaitAsync(Task<bool> next, CancellationToken cancellationToken)
        {
            try
            {
                return await next.ConfigureAwait(false);
            }
            catch (RpcException exception) when (Reason(options, exception, cancellationToken) is { } status)
            {
                throw new RpcException(status, exception.Trailers);
            }
        }
    }
}
