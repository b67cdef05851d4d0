using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One log: its last lines, and those who watch it.</summary>
internal sealed class ResourceLog(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<TimedLogLine> _backlog = new();
    private readonly List<Channel<TimedLogLine>> _watchers = [];
    private int _lines;
    private bool _complete;

    public void Write(string content, bool isError, DateTime at)
    {
        lock (_lock)
        {
            var line = new TimedLogLine(new LogLine(++_lines, content, isError), at);
            _backlog.Enqueue(line);
            if (_backlog.Count > capacity)
            {
                _backlog.Dequeue();
            }

            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(line);
            }
        }
    }

    public IReadOnlyList<TimedLogLine> Backlog()
    {
        lock (_lock)
        {
            return [.. _backlog];
        }
    }

    /// <summary>The last lines, so many at most.</summary>
    public IReadOnlyList<TimedLogLine> Last(int count)
    {
        lock (_lock)
        {
            return [.. _backlog.Skip(_backlog.Count - count)];
        }
    }

    public (IReadOnlyList<TimedLogLine> Backlog, Channel<TimedLogLine> Live) Subscribe(bool dropsOldest)
    {
        var channel = dropsOldest
            ? Channel.CreateBounded<TimedLogLine>(new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest })
            : Channel.CreateUnbounded<TimedLogLine>(new UnboundedChannelOptions { SingleReader = true });
        lock (_lock)
        {
            if (_complete)
            {
                channel.Writer.Complete();
            }
            else
            {
                _watchers.Add(channel);
            }

            return ([.. _backlog], channel);
        }
    }

    public void Unsubscribe(Channel<TimedLogLine> channel)
    {
        lock (_lock)
        {
            _watchers.Remove(channel);
        }
    }

    public void ClearBacklog()
    {
        lock (_lock)
        {
            _backlog.Clear();
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryComplete();
            }
        }
    }
}
