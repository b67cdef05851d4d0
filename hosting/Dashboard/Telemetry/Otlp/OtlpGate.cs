using System.Globalization;
using Grpc.Core;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>Keeps OTLP's ports and the pages' apart, and refuses telemetry without the key before its body is read.</summary>
internal sealed class OtlpGate(RequestDelegate next, OtlpOptions options, OtlpKeyCheck keys)
{
    /// <summary>The header that has the key, as Aspire names it.</summary>
    public const string KeyHeader = "x-otlp-api-key";

    private const string Refusal = $"the header {KeyHeader} is missing or holds another key: expected the value of Dashboard:Otlp:PrimaryApiKey";

    /// <summary>Goes on with what belongs on the port it came in by.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var port = context.Connection.LocalPort;
        var isOtlpPort = port == options.GrpcEndpoint?.Port || port == options.HttpEndpoint?.Port;
        var isOtlp = context.GetEndpoint()?.Metadata.GetMetadata<OtlpEndpoint>() is not null;
        if (isOtlpPort && !isOtlp)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (isOtlp && !isOtlpPort)
        {
            // To the pages it is a path like any other that does not exist.
            context.SetEndpoint(null);
            isOtlp = false;
        }

        if (isOtlp && !keys.IsOpen && !keys.IsKey(context.Request.Headers[KeyHeader]))
        {
            await RefuseAsync(context);
            return;
        }

        await next(context);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            // A call that ends before it begins has its status in the headers.
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = Refusal;
            return Task.CompletedTask;
        }

        return OtlpAnswer.WriteErrorAsync(context, StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated, Refusal);
    }
}
