using Google.Protobuf;
using Grpc.Core;
using O1Coder.Hosting.Dashboard.Telemetry.Otlp.V1;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>Answers over HTTP in the form in which was asked.</summary>
internal static class OtlpAnswer
{
    /// <summary>The content type of messages of protobuf.</summary>
    public const string Protobuf = "application/x-protobuf";

    /// <summary>The content type of JSON.</summary>
    public const string Json = "application/json";

    private static readonly JsonFormatter s_json = new(JsonFormatter.Settings.Default);

    /// <summary>Whether the request is JSON, true, or protobuf, false; null for anything else.</summary>
    public static bool? IsJson(HttpRequest request)
    {
        var type = request.ContentType?.Split(';', 2)[0].Trim();
        return string.Equals(type, Json, StringComparison.OrdinalIgnoreCase) ? true
            : string.Equals(type, Protobuf, StringComparison.OrdinalIgnoreCase) ? false
            : null;
    }

    /// <summary>Writes a message.</summary>
    public static async Task WriteAsync(HttpContext context, int status, IMessage message)
    {
        var asJson = IsJson(context.Request) == true;
        context.Response.StatusCode = status;
        context.Response.ContentType = asJson ? Json : Protobuf;
        if (asJson)
        {
            await context.Response.WriteAsync(s_json.Format(message), context.RequestAborted);
        }
        else
        {
            var bytes = message.ToByteArray();
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    /// <summary>Writes why nothing was taken.</summary>
    public static Task WriteErrorAsync(HttpContext context, int status, StatusCode code, string message) =>
        WriteAsync(context, status, new ErrorStatus { Code = (int)code, Message = message });
}
