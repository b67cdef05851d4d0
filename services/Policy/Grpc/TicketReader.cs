using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>Turns where a request wants to stand in the queue into the engine's words.</summary>
internal static class TicketReader
{
    /// <summary>Characters of a caller's name at most.</summary>
    public const int LongestCaller = 256;

    /// <summary>Reads a ticket; null is of normal priority, by nobody in particular.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">InvalidArgument.</exception>
    public static QueueTicket Read(V1.QueueTicket? ticket)
    {
        if (ticket is null)
        {
            return default;
        }

        InvalidArgument.ThrowUnless(ticket.Caller.Length <= LongestCaller, "ticket.caller", $"{ticket.Caller.Length} characters",
            $"at most {LongestCaller} characters");
        return new QueueTicket(Read(ticket.Priority), ticket.Caller);
    }

    private static RequestPriority Read(V1.Priority priority)
    {
        switch (priority)
        {
            case V1.Priority.Low:
                return RequestPriority.Low;
            case V1.Priority.Unspecified or V1.Priority.Normal:
                return RequestPriority.Normal;
            case V1.Priority.High:
                return RequestPriority.High;
            default:
                InvalidArgument.Throw("ticket.priority", priority, "low, normal or high, or unspecified for normal");
                return default;
        }
    }
}
