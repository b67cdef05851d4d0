using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace O1Coder.ServiceDefaults;

/// <summary>
/// How a service that is full says when to come back: the trailer that gRPC's own clients honour where they retry (gRFC A6,
/// "server pushback"), and the detail google.rpc.RetryInfo for people's clients.
/// </summary>
public static class RetryHint
{
    /// <summary>The trailer: milliseconds, or a negative number for never.</summary>
    public const string PushbackTrailer = "grpc-retry-pushback-ms";

    /// <summary>The error of status ResourceExhausted that says when to come back.</summary>
    /// <param name="message">For people.</param>
    /// <param name="pause">When there is likely to be room; told in milliseconds, at least one.</param>
    public static RpcException ResourceExhausted(string message, TimeSpan pause)
    {
        var milliseconds = (int)Math.Clamp(Math.Ceiling(pause.TotalMilliseconds), 1, int.MaxValue);
        var trailers = new Metadata { { PushbackTrailer, milliseconds.ToString(CultureInfo.InvariantCulture) } };
        trailers.SetRpcStatus(new Google.Rpc.Status
        {
            Code = (int)StatusCode.ResourceExhausted,
            Message = message,
            Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(milliseconds)) }) },
        });
        return new RpcException(new Status(StatusCode.ResourceExhausted, message), trailers);
    }

    /// <summary>When an error says to come back; null where it does not say, or says never.</summary>
    public static TimeSpan? Of(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return int.TryParse(error.Trailers.GetValue(PushbackTrailer), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var told)
            ? told >= 0 ? TimeSpan.FromMilliseconds(told) : null
            : error.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan() is { } pause && pause >= TimeSpan.Zero ? pause : null;
    }
}
