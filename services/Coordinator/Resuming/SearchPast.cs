using Google.Protobuf;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// What a search that goes on has told before. Its method runs from the beginning; the events that it yields are compared
/// with these one by one, and only what lies behind them is new.
/// </summary>
/// <param name="log">The log as it was when the search was taken up.</param>
/// <param name="spent">Seconds that were worked on it before.</param>
internal sealed class SearchPast(EventLog log, TimeSpan spent)
{
    private int _next;

    /// <summary>A search that has just begun.</summary>
    public static SearchPast None => new(EventLog.Empty, TimeSpan.Zero);

    /// <summary>Seconds that were worked on it before.</summary>
    public TimeSpan Spent => spent;

    /// <summary>Whether every event of the log has come again.</summary>
    public bool IsOver => _next == log.Events.Count;

    /// <summary>The events.</summary>
    public IReadOnlyList<V1.SolveResponse> Events => log.Events;

    /// <summary>Compares the next event; false when the log is at its end and the event is new.</summary>
    /// <param name="one">The event; gets its number.</param>
    /// <exception cref="RpcException">
    /// FailedPrecondition: the log tells something else, so another model, version or setting wrote it.
    /// </exception>
    public bool TryMatch(V1.SolveResponse one)
    {
        if (IsOver)
        {
            return false;
        }

        var logged = log.Events[_next];
        one.Sequence = logged.Sequence;
        if (!Comparable(one).Equals(Comparable(logged)))
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"event {logged.Sequence} of the log is {Short(Differing(logged, one))}: expected {Short(Differing(one, logged))}, as this build with its model and settings makes it; the search cannot go on"));
        }

        _next++;
        return true;
    }

    // Where the folder lies, and whether a store gave a verdict, may be otherwise this time.
    private static V1.SolveResponse Comparable(V1.SolveResponse one)
    {
        var comparable = one.Clone();
        if (comparable.Started is { } started)
        {
            started.Folder = "";
        }

        if (comparable.ProgramJudged is { } judged)
        {
            judged.Cached = false;
        }

        return comparable;
    }

    // Of the first event the field that differs says more than the whole.
    private static IMessage Differing(V1.SolveResponse one, V1.SolveResponse other) =>
        one.Started is { } started && other.Started is { } second && !started.Model.Equals(second.Model) ? started.Model : one;

    private static string Short(IMessage message)
    {
        const int most = 240;
        var text = JsonFormatter.Default.Format(message);
        return text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "…");
    }
}
