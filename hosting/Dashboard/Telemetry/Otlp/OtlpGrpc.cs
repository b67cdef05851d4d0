using Google.Protobuf;
using Grpc.Core;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>What the three services over gRPC share.</summary>
internal static class OtlpGrpc
{
    /// <summary>
    /// The method Export of a service. A request that cannot be read is told to be the caller's fault, which protobuf's own
    /// marshaller leaves to the server.
    /// </summary>
    public static Method<TRequest, TResponse> Export<TRequest, TResponse>(string service, MessageParser<TRequest> parser)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>, new()
    {
        var request = Marshallers.Create<TRequest>(
            static (message, context) => context.Complete(message.ToByteArray()),
            context =>
            {
                try
                {
                    return parser.ParseFrom(context.PayloadAsReadOnlySequence());
                }
                catch (InvalidProtocolBufferException exception)
                {
                    throw new RpcException(new Status(StatusCode.InvalidArgument, $"the request cannot be read as {typeof(TRequest).Name}: {exception.Message}"));
                }
            });
        var responses = new MessageParser<TResponse>(static () => new TResponse());
        var response = Marshallers.Create<TResponse>(
            static (message, context) => context.Complete(message.ToByteArray()),
            context => responses.ParseFrom(context.PayloadAsReadOnlySequence()));
        return new Method<TRequest, TResponse>(MethodType.Unary, service, "Export", request, response);
    }
}
