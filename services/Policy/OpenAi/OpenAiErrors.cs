using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.OpenAi;

/// <summary>Turns what a handler throws into an error in OpenAI's shape.</summary>
internal static class OpenAiErrors
{
    private const string MillisecondsHeader = "retry-after-ms";

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The error for an exception; null for one that is a defect here, which is to be logged and told in one line.</summary>
    public static OpenAiException? Translate(Exception exception) => exception switch
    {
        OpenAiException known => known,
        EngineBusyException busy => Full(busy.Message, busy.RetryAfter),
        JsonException json => OpenAiException.Invalid(Field(json), Malformed(json)),
        BadHttpRequestException bad => OpenAiException.Invalid(null, bad.Message, status: bad.StatusCode),
        RpcException rpc => FromGrpc(rpc.Status, RetryHint.Of(rpc)),
        ArgumentException => OpenAiException.Invalid(null, exception.Message),
        _ => null,
    };

    /// <summary>The error for a defect here.</summary>
    public static OpenAiException Internal(Exception exception) => new(StatusCodes.Status500InternalServerError,
        new ErrorBody(exception.Message.ReplaceLineEndings(" "), "server_error", null, null));

    /// <summary>The error of a service that stops.</summary>
    public static OpenAiException Stopping() => FromGrpc(new Status(StatusCode.Unavailable, "the service is stopping"), null);

    /// <summary>Answers with the error; the answer must not have begun.</summary>
    public static async Task WriteAsync(HttpResponse response, OpenAiException error, CancellationToken cancellationToken)
    {
        response.StatusCode = error.Status;
        if (error.RetryAfter is { } pause)
        {
            // Whole seconds for every client, not too early; milliseconds for those of OpenAI's own that read them.
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(pause.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
            response.Headers[MillisecondsHeader] = Math.Max(1, Math.Ceiling(pause.TotalMilliseconds)).ToString("0", CultureInfo.InvariantCulture);
        }

        await response.WriteAsJsonAsync(
            new ErrorResponse(error.Body), OpenAiJson.Default.ErrorResponse, cancellationToken: cancellationToken);
    }

    private static OpenAiException Full(string message, TimeSpan retryAfter) => new(
        StatusCodes.Status429TooManyRequests, new ErrorBody(message, "rate_limit_error", null, "rate_limit_exceeded"), retryAfter);

    private static OpenAiException FromGrpc(Status status, TimeSpan? hint) => status.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition => OpenAiException.Invalid(null, status.Detail),
        StatusCode.NotFound => OpenAiException.NotFound(status.Detail),
        StatusCode.ResourceExhausted => Full(status.Detail, hint ?? s_retryAfter),
        StatusCode.Unavailable => new OpenAiException(StatusCodes.Status503ServiceUnavailable,
            new ErrorBody(status.Detail, "server_error", null, "unavailable"), s_retryAfter),
        _ => new OpenAiException(StatusCodes.Status500InternalServerError,
            new ErrorBody(status.Detail, "server_error", null, null)),
    };

    // $.messages[0].role: without the root, and nothing for the root itself. What is no JSON at all is no field's fault; it
    // has the reader's own exception inside.
    private static string? Field(JsonException json) =>
        json is { Path.Length: > 2, InnerException: not JsonException } ? json.Path[2..] : null;

    private static string Malformed(JsonException json) => Field(json) is { } field
        ? $"{field} is not of the kind that is expected (line {json.LineNumber + 1}, byte {json.BytePositionInLine})"
        : $"the body is not the JSON that is expected (line {json.LineNumber + 1}, byte {json.BytePositionInLine})";
}
