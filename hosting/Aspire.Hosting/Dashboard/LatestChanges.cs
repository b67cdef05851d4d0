using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

/// <summary>The last change of each replica that a reader has not taken yet: a slow reader costs no more memory than there are replicas.</summary>
internal sealed class LatestChanges
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, ResourceEvent> _changes = [];
    private readonly Channel<bool> _some = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes changes in until there are no more, or it is cancelled.</summary>
    public async Task PumpAsync(ChannelReader<ResourceEvent> changes, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in changes.ReadAllAsync(cancellationToken))
            {
                lock (_lock)
                {
                    // Last in order, too: what is told last happened last.
                    _changes.Remove(change.ResourceId);
                    _changes.Add(change.ResourceId, change);
                }

                _some.Writer.TryWrite(true);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // Nobody reads any more.
        }
    }

    /// <summary>Waits for changes and takes all that there are.</summary>
    public async Task<IReadOnlyList<ResourceEvent>> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _some.Reader.ReadAsync(cancellationToken);
            lock (_lock)
            {
                if (_changes.Count > 0)
                {
                    ResourceEvent[] taken = [.. _changes.Values];
                    _changes.Clear();
                    return taken;
                }
            }
        }
    }
}
