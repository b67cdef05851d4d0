using Google.Protobuf;
using Grpc.Core;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>OTLP over HTTP: <c>POST /v1/{traces,logs,metrics}</c> as protobuf or JSON, plain or gzip.</summary>
internal static class OtlpHttp
{
    /// <summary>Answers a request: 200 with what was rejected, or 4xx and why nothing was taken.</summary>
    public static async Task AnswerAsync<TRequest>(HttpContext context, MessageParser<TRequest> parser, Func<TRequest, IMessage> receive)
        where TRequest : IMessage<TRequest>, new()
    {
        if (OtlpAnswer.IsJson(context.Request) is not { } isJson)
        {
            await OtlpAnswer.WriteErrorAsync(context, StatusCodes.Status415UnsupportedMediaType, StatusCode.InvalidArgument,
                $"Content-Type is '{context.Request.ContentType}': expected {OtlpAnswer.Protobuf} or {OtlpAnswer.Json}");
            return;
        }

        var encoding = context.Request.Headers.ContentEncoding.ToString();
        var isGzip = string.Equals(encoding, "gzip", StringComparison.OrdinalIgnoreCase);
        if (!isGzip && !string.IsNullOrEmpty(encoding) && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            await OtlpAnswer.WriteErrorAsync(context, StatusCodes.Status415UnsupportedMediaType, StatusCode.InvalidArgument,
                $"Content-Encoding is '{encoding}': expected gzip or none");
            return;
        }

        TRequest request;
        try
        {
            if (await OtlpBody.ReadAsync(context, isGzip) is not { } body)
            {
                await WriteTooLargeAsync(context);
                return;
            }

            request = isJson ? OtlpJson.Parse<TRequest>(body) : parser.ParseFrom(body);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await WriteTooLargeAsync(context);
            return;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or FormatException or InvalidDataException or BadHttpRequestException)
        {
            await OtlpAnswer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, StatusCode.InvalidArgument,
                $"the body cannot be read as {typeof(TRequest).Name}: {exception.Message}");
            return;
        }

        await OtlpAnswer.WriteAsync(context, StatusCodes.Status200OK, receive(request));
    }

    private static Task WriteTooLargeAsync(HttpContext context) =>
        OtlpAnswer.WriteErrorAsync(context, StatusCodes.Status413PayloadTooLarge, StatusCode.ResourceExhausted,
            $"the body is larger than {OtlpOptions.MaxPayloadBytes} bytes");
}
