using System.Diagnostics;

namespace O1Coder.Tcg;

/// <summary>Counts what a generation does and tells it, a few times a second and whenever it does something else.</summary>
/// <param name="tell">Where it is told.</param>
internal sealed class GenerationProgress(Func<V1.TcgProgress, CancellationToken, Task> tell)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);
    private string _activity = "";
    private long _told;

    /// <summary>What became of the cases so far.</summary>
    public V1.TestCounts Counts { get; } = new();

    /// <summary>Tokens generated so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>Says what is being done from now on.</summary>
    public Task DoAsync(string activity, CancellationToken cancellationToken)
    {
        _activity = activity;
        return TellAsync(cancellationToken);
    }

    /// <summary>Counts tokens.</summary>
    public Task AddTokensAsync(int count, CancellationToken cancellationToken)
    {
        Tokens += count;
        return Stopwatch.GetElapsedTime(_told) < s_interval ? Task.CompletedTask : TellAsync(cancellationToken);
    }

    private Task TellAsync(CancellationToken cancellationToken)
    {
        _told = Stopwatch.GetTimestamp();
        return tell(new V1.TcgProgress { Activity = _activity, Counts = Counts.Clone(), GeneratedTokens = Tokens }, cancellationToken);
    }
}
