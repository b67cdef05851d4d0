using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One log: its last lines, and those who watch it.</summary>
internal sealed class ResourceLog(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _backlog = new();
    private readonly List<Channel<LogLine>> _watchers = [];
    private int _lines;
    private bool _complete;

    public void Write(string content, bool isError)
    {
        lock (_lock)
        {
            var line = new LogLine(++_lines, content, isError);
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

    public IReadOnlyList<LogLine> Backlog()
    {
        lock (_lock)
        {
            return [.. _backlog];
        }
    }

    public (IReadOnlyList<LogLine> Backlog, Channel<LogLine> Live) Subscribe()
    {
        var channel = Channel.CreateUnbounded<LogLine>(new UnboundedChannelOptions { SingleReader = true });
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

    public void Unsubscribe(Channel<LogLine> channel)
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
