using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace O1Coder.ServiceDefaults;

/// <summary>
/// Tells callers whose request is no message of the call's type, or has a text that is not UTF-8, that it is their fault. gRPC
/// reads a request before any interceptor runs, and answers Unknown; what a handler throws is never told so, as
/// <see cref="ErrorInterceptor"/> has another status for it.
/// </summary>
internal static class MalformedRequests
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";

    /// <summary>Runs what follows and changes the status of a request that could not be read.</summary>
    public static async Task TellAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);

        // An answer that has begun, and so was read, has its status in the trailers.
        if (!context.Response.HasStarted && Is(context.Response.Headers[StatusHeader], StatusCode.Unknown))
        {
            context.Response.Headers[StatusHeader] = Text(StatusCode.InvalidArgument);
            context.Response.Headers[MessageHeader] =
                $"the request to {context.Request.Path} cannot be read: expected a message of its type, with texts in UTF-8";
        }
    }

    private static bool Is(string? header, StatusCode status) => header == Text(status);

    private static string Text(StatusCode status) => ((int)status).ToString(CultureInfo.InvariantCulture);
}
