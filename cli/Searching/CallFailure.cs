using System.Net.Sockets;
using Grpc.Core;

namespace O1Coder.Cli.Searching;

/// <summary>Says in one line why a call failed and what to do about it.</summary>
internal static class CallFailure
{
    /// <summary>How the system is started.</summary>
    public const string StartCommand = "dotnet run --project AppHost";

    /// <summary>The line for a failed call.</summary>
    /// <param name="exception">What the call threw.</param>
    /// <param name="coordinator">Where it went.</param>
    /// <param name="started">Whether the search had begun.</param>
    /// <param name="timeout">The call's deadline.</param>
    /// <param name="what">What was called for.</param>
    public static string Explain(RpcException exception, Uri coordinator, bool started, TimeSpan timeout, string what = "search")
    {
        var detail = exception.Status.Detail;

        // The client sets an exception beside the status only where it never heard one from the server.
        var broken = exception.Status.DebugException is HttpRequestException or IOException or SocketException;
        var address = coordinator.GetLeftPart(UriPartial.Authority);
        return exception.StatusCode switch
        {
            _ when broken && started => $"the connection to the coordinator at {address} broke: {Innermost(exception)}",
            StatusCode.Unavailable when broken =>
                $"no coordinator answers at {address} ({Innermost(exception)}); start the system with: {StartCommand}",
            StatusCode.Unavailable when !started => $"the system is not ready: {detail}",
            StatusCode.InvalidArgument => $"the coordinator refused the request: {detail}",
            StatusCode.ResourceExhausted => $"the coordinator is busy, try again later: {detail}",
            StatusCode.DeadlineExceeded => $"the {what} did not end within {timeout.TotalSeconds:0} s and was stopped",
            StatusCode.Unimplemented => $"what answers at {address} is not an O1Coder coordinator: {detail}",
            _ when broken => $"what answers at {address} is not an O1Coder coordinator: {Innermost(exception)}",
            _ => $"the {what} failed ({exception.StatusCode}): {detail}",
        };
    }

    private static string Innermost(RpcException exception) =>
        exception.Status.DebugException?.GetBaseException().Message ?? exception.Status.Detail;
}
