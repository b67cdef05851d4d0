using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// The console logs of the resources. A log is found under the resource's name (all replicas together) and under a
/// replica's id, and keeps its last <see cref="BacklogLines"/> lines for those who come later.
/// </summary>
public class ResourceLoggerService : IDisposable
{
    /// <summary>How many lines of each log are kept.</summary>
    internal const int BacklogLines = 10_000;

    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string[]> _replicas = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A logger that writes to the resource's log.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetLogger(resource.Name);
    }

    /// <summary>A logger that writes to the log of a resource, or of one replica.</summary>
    /// <param name="resourceName">The resource's name or the replica's id.</param>
    public ILogger GetLogger(string resourceName) => new ResourceLogger(this, resourceName);

    /// <summary>The lines kept so far and then every new one, until the log is complete.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.Name);
    }

    /// <summary>The lines kept so far and then every new one, until the log is complete.</summary>
    /// <param name="resourceName">The resource's name or the replica's id.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => WatchPlainAsync(resourceName);

    /// <summary>The lines kept so far.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetAllAsync(resource.Name);
    }

    /// <summary>The lines kept so far.</summary>
    /// <param name="resourceName">The resource's name or the replica's id.</param>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        await Task.CompletedTask;
        yield return Plain(Log(resourceName).Backlog());
    }

    /// <summary>Ends the log of a resource: those who watch it see its end.</summary>
    public void Complete(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        Complete(resource.Name);
    }

    /// <summary>Ends a log, and those of its replicas: those who watch it see its end.</summary>
    /// <param name="name">The resource's name or the replica's id.</param>
    public void Complete(string name)
    {
        Log(name).Complete();
        foreach (var replica in _replicas.GetValueOrDefault(name) ?? [])
        {
            Log(replica).Complete();
        }
    }

    /// <summary>Forgets the lines kept so far.</summary>
    /// <param name="resourceName">The resource's name or the replica's id.</param>
    public void ClearBacklog(string resourceName) => Log(resourceName).ClearBacklog();

    /// <summary>Ends all logs.</summary>
    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Complete();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The lines kept so far and then every new one, until the log is complete, with their times.</summary>
    /// <param name="name">The resource's name or the replica's id.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal IAsyncEnumerable<IReadOnlyList<TimedLogLine>> WatchTimedAsync(string name, CancellationToken cancellationToken = default) =>
        ReadAsync(Log(name), dropsOldest: false, cancellationToken);

    /// <summary>The same for a reader that may be slow: lines that it leaves behind are dropped, which their numbers tell.</summary>
    /// <param name="name">The resource's name or the replica's id.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal IAsyncEnumerable<IReadOnlyList<TimedLogLine>> WatchLatestAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync(Log(name), dropsOldest: true, cancellationToken);

    /// <summary>The lines kept so far, with their times.</summary>
    /// <param name="name">The resource's name or the replica's id.</param>
    internal IReadOnlyList<TimedLogLine> Backlog(string name) => Log(name).Backlog();

    /// <summary>The last lines, so many at most.</summary>
    /// <param name="name">The resource's name or the replica's id.</param>
    /// <param name="count">How many.</param>
    internal IReadOnlyList<TimedLogLine> Last(string name, int count) => Log(name).Last(count);

    /// <summary>Says which replicas a resource has: what is written to its log is in theirs too, and the other way round.</summary>
    internal void Register(string resourceName, IReadOnlyList<string> replicaIds)
    {
        _replicas[resourceName] = [.. replicaIds.Where(id => !string.Equals(id, resourceName, StringComparison.OrdinalIgnoreCase))];
        foreach (var id in _replicas[resourceName])
        {
            _owners[id] = resourceName;
        }
    }

    /// <summary>Adds a line to the log of a resource and its replicas, or to that of a replica and its resource.</summary>
    internal void Write(string name, string content, bool isError)
    {
        var now = DateTime.UtcNow;
        Log(name).Write(content, isError, now);
        if (_owners.TryGetValue(name, out var owner))
        {
            Log(owner).Write(content, isError, now);
        }

        foreach (var replica in _replicas.GetValueOrDefault(name) ?? [])
        {
            Log(replica).Write(content, isError, now);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchPlainAsync(
        string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var lines in WatchTimedAsync(name, cancellationToken))
        {
            yield return Plain(lines);
        }
    }

    private static LogLine[] Plain(IReadOnlyList<TimedLogLine> lines) => [.. lines.Select(line => line.Line)];

    private ResourceLog Log(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _logs.GetOrAdd(name, _ => new ResourceLog(BacklogLines));
    }

    private static async IAsyncEnumerable<IReadOnlyList<TimedLogLine>> ReadAsync(
        ResourceLog log, bool dropsOldest, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (backlog, live) = log.Subscribe(dropsOldest);
        try
        {
            if (backlog.Count > 0)
            {
                yield return backlog;
            }

            while (await live.Reader.WaitToReadAsync(cancellationToken))
            {
                List<TimedLogLine> batch = [];
                while (live.Reader.TryRead(out var line))
                {
                    batch.Add(line);
                }

                yield return batch;
            }
        }
        finally
        {
            log.Unsubscribe(live);
        }
    }
}
