namespace O1Coder.Hosting.Dashboard.Frontend;

/// <summary>
/// Refuses a WebSocket or a change that a page of another origin asks for: a cookie goes to every port of a host, so that
/// SameSite does not keep out a page of another port.
/// </summary>
internal sealed class SameOrigin(RequestDelegate next)
{
    /// <summary>Answers 403 to a foreign page, and goes on otherwise.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var harmless = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            && !context.WebSockets.IsWebSocketRequest
            && !request.Headers.Upgrade.Contains("websocket");
        if (!harmless && request.Cookies.Count > 0 && request.Headers.Origin is [{ } origin] && !IsOwn(origin, request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, Authority(request), StringComparison.OrdinalIgnoreCase);

    // As Uri writes it: without the scheme's own port.
    private static string Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own) ? own.Authority : request.Host.Value ?? "";
}
