using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace O1Coder.Coordinator;

/// <summary>
/// The right to append to a log. Who opens it takes the next one; a writer of an older lease that was thought dead and
/// writes on is not heard any more.
/// </summary>
/// <param name="Owner">Who holds it, for people: machine and process.</param>
/// <param name="At">When it began, UTC.</param>
/// <param name="SpentSeconds">Seconds that earlier leases had worked on the search.</param>
/// <param name="Resumes">
/// Whether a coordinator that finds the search without an end takes it up by itself: true for what a client asked for,
/// false for what is a part of other work, which asks for it again itself.
/// </param>
internal sealed record LogLease(string Owner, DateTimeOffset At, double SpentSeconds, bool Resumes)
{
    private const string Field = "lease";

    /// <summary>A lease of this process.</summary>
    public static LogLease Of(TimeProvider clock, double spentSeconds, bool resumes) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}"), clock.GetUtcNow(), spentSeconds, resumes);

    /// <summary>The event of the line that begins it.</summary>
    public string ToJson() => new JsonObject
    {
        [Field] = new JsonObject
        {
            ["owner"] = Owner,
            ["at"] = At.ToString("O", CultureInfo.InvariantCulture),
            ["spent_seconds"] = SpentSeconds,
            ["resumes"] = Resumes,
        },
    }.ToJsonString();

    /// <summary>The lease that an event begins; null for any other event.</summary>
    public static LogLease? Read(JsonElement one) => one.TryGetProperty(Field, out var lease)
        ? new LogLease(
            lease.GetProperty("owner").GetString() ?? "", lease.GetProperty("at").GetDateTimeOffset(),
            lease.GetProperty("spent_seconds").GetDouble(), lease.GetProperty("resumes").GetBoolean())
        : null;
}
