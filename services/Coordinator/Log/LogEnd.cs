using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>How a search ended that did not finish.</summary>
/// <param name="Status">Cancelled, or the error's status.</param>
/// <param name="Message">What went wrong; empty for cancelled.</param>
internal sealed record LogEnd(StatusCode Status, string Message)
{
    /// <summary>The caller cancelled it or went away.</summary>
    public static LogEnd Cancelled { get; } = new(StatusCode.Cancelled, "");

    /// <summary>The event of its line.</summary>
    public string ToJson() => (Status == StatusCode.Cancelled
        ? new JsonObject { ["cancelled"] = new JsonObject() }
        : new JsonObject { ["failed"] = new JsonObject { ["status"] = Status.ToString(), ["message"] = Message } }).ToJsonString();

    /// <summary>The end that an event is; null for any other event.</summary>
    public static LogEnd? Read(JsonElement one) => one.TryGetProperty("cancelled", out _) ? Cancelled
        : one.TryGetProperty("failed", out var failed)
            ? new LogEnd(
                Enum.TryParse<StatusCode>(failed.GetProperty("status").GetString(), out var status) ? status : StatusCode.Unknown,
                failed.GetProperty("message").GetString() ?? "")
            : null;

    /// <summary>"cancelled" or "failed: status: message".</summary>
    public override string ToString() => Status == StatusCode.Cancelled ? "cancelled" : $"failed: {Status}: {Message}";
}
