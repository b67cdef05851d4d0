using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using O1Coder.Hosting.Dashboard.AppHost;
using O1Coder.Hosting.ResourceService;

namespace O1Coder.Hosting.Dashboard.ConsoleLogs;

/// <summary>
/// The console lines of some resources, each from its oldest kept line, for one open page. Nothing is kept here: a page that
/// is slow holds up the streams, and a stream that breaks is opened again without telling lines twice.
/// </summary>
internal sealed class ConsoleFeed(AppHostClient client) : IAsyncDisposable
{
    private const int Waiting = 4_000;
    private const int MostInBatch = 2_000;
    private const int MostCharactersInBatch = 500_000;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    // Lines that come within this time travel to the browser together.
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(40);

    private readonly Channel<FeedLine> _lines = Channel.CreateBounded<FeedLine>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly Dictionary<string, (CancellationTokenSource Stop, Task Reading)> _followed = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Follows these instances from now on, and no others. Not to be called by two at a time.</summary>
    public void Follow(IReadOnlyCollection<string> instances)
    {
        foreach (var (gone, one) in _followed.Where(one => !instances.Contains(one.Key, StringComparer.OrdinalIgnoreCase)).ToList())
        {
            one.Stop.Cancel();
            _followed.Remove(gone);
        }

        foreach (var instance in instances)
        {
            if (!_followed.ContainsKey(instance))
            {
                var stop = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
                _followed[instance] = (stop, ReadAsync(instance, stop));
            }
        }
    }

    /// <summary>What comes, some lines at a time. Ends when the feed is disposed.</summary>
    public async IAsyncEnumerable<IReadOnlyList<FeedLine>> BatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _lines.Reader.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(s_gather, cancellationToken);
            var batch = new List<FeedLine>();
            var characters = 0;
            while (batch.Count < MostInBatch && characters < MostCharactersInBatch && _lines.Reader.TryRead(out var line))
            {
                batch.Add(line);
                characters += line.Line.Text.Length;
            }

            yield return batch;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Task.WhenAll(_followed.Values.Select(one => one.Reading));
        _lines.Writer.TryComplete();
        _ended.Dispose();
    }

    private async Task ReadAsync(string instance, CancellationTokenSource stop)
    {
        using var owned = stop;
        var pause = s_firstPause;
        var last = (Number: 0L, At: DateTime.MinValue);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await foreach (var lines in client.WatchConsoleAsync(instance, follow: true, stop.Token))
                    {
                        pause = s_firstPause;
                        foreach (var line in lines)
                        {
                            // Opened again, a stream begins with what was told before; a new run counts from 1 again, but later.
                            var at = At(line);
                            if (line.Number > last.Number || at > last.At)
                            {
                                last = (line.Number, at);
                                await _lines.Writer.WriteAsync(new FeedLine(instance, line), stop.Token);
                            }
                        }
                    }
                }
                catch (RpcException) when (!stop.IsCancellationRequested)
                {
                    // Lost, which the banner says, or not there yet: again after the pause.
                }

                await Task.Delay(pause, stop.Token);
                pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or RpcException or ChannelClosedException)
        {
            // Nobody wants this instance's lines any more.
        }
    }

    private static DateTime At(ConsoleLine line) => line.At?.ToDateTime() ?? DateTime.MinValue;
}
