using Grpc.Core;
using Grpc.Core.Interceptors;
using O1Coder.V1;

namespace O1Coder.Protos.Tests;

/// <summary>Over a channel whose every call ends as grpc-dotnet's do when the response is disposed of under a reader.</summary>
public sealed class CallEndInterceptorTests
{
    private static readonly DateTime s_past = DateTime.UtcNow - TimeSpan.FromSeconds(1);
    private static readonly DateTime s_future = DateTime.UtcNow + TimeSpan.FromHours(1);

    [Fact]
    public async Task After_the_deadline_a_broken_connection_is_told_as_the_deadline()
    {
        var broken = new Status(StatusCode.Unavailable, "Error reading next message.", new IOException("The request was aborted."));

        Assert.Equal(StatusCode.DeadlineExceeded, await UnaryAsync(broken, s_past));
        Assert.Equal(StatusCode.DeadlineExceeded, await StreamingAsync(broken, s_past));
    }

    [Fact]
    public async Task After_cancelling_a_broken_connection_is_told_as_that()
    {
        var broken = new Status(StatusCode.Unavailable, "Error reading next message.");

        Assert.Equal(StatusCode.Cancelled, await UnaryAsync(broken, s_future, callCancelled: true));
        Assert.Equal(StatusCode.Cancelled, await StreamingAsync(broken, s_past, callCancelled: true));
        Assert.Equal(StatusCode.Cancelled, await StreamingAsync(broken, s_future, readingCancelled: true));
    }

    [Fact]
    public async Task In_time_every_status_is_the_services_own()
    {
        foreach (var code in new[] { StatusCode.Unavailable, StatusCode.Internal, StatusCode.InvalidArgument })
        {
            Assert.Equal(code, await UnaryAsync(new Status(code, "own"), s_future));
            Assert.Equal(code, await StreamingAsync(new Status(code, "own"), null));
        }
    }

    [Fact]
    public async Task An_answer_keeps_its_status_after_the_deadline_too()
    {
        Assert.Equal(StatusCode.NotFound, await UnaryAsync(new Status(StatusCode.NotFound, "own"), s_past));
        Assert.Equal(StatusCode.ResourceExhausted, await StreamingAsync(new Status(StatusCode.ResourceExhausted, "own"), s_past));
    }

    private static async Task<StatusCode> UnaryAsync(Status end, DateTime? deadline, bool callCancelled = false)
    {
        var cancellationToken = new CancellationToken(callCancelled);
        var client = new PolicyService.PolicyServiceClient(new EndingInvoker(end).Intercept(new CallEndInterceptor()));
        using var call = client.GetModelAsync(new GetModelRequest(), deadline: deadline, cancellationToken: cancellationToken);
        var waited = (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode;
        Assert.Equal(waited, Assert.Throws<RpcException>(
            () => client.GetModel(new GetModelRequest(), deadline: deadline, cancellationToken: cancellationToken)).StatusCode);
        return waited;
    }

    private static async Task<StatusCode> StreamingAsync(
        Status end, DateTime? deadline, bool callCancelled = false, bool readingCancelled = false)
    {
        var client = new PolicyService.PolicyServiceClient(new EndingInvoker(end).Intercept(new CallEndInterceptor()));
        using var call = client.Generate(new GenerateRequest(), deadline: deadline, cancellationToken: new CancellationToken(callCancelled));
        return (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(new CancellationToken(readingCancelled)))).StatusCode;
    }

    private sealed class EndingInvoker(Status end) : CallInvoker
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new RpcException(end);

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            new(Task.FromException<TResponse>(new RpcException(end)), Task.FromResult(new Metadata()), () => end, () => [], () => { });

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            new(new EndingReader<TResponse>(end), Task.FromResult(new Metadata()), () => end, () => [], () => { });

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }

    private sealed class EndingReader<T>(Status end) : IAsyncStreamReader<T>
    {
        public T Current => throw new InvalidOperationException();

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromException<bool>(new RpcException(end));
    }
}
