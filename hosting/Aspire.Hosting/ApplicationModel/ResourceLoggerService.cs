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

    /// <summary>A logger that writes to the resource's log.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetLogger(resource.Name);
    }

    /// <summary>A logger that writes to the log of a resource, or of one replica.</summary>
    /// <param name="resourceName">The resource's name or the replica's id.</param>
    public ILogger GetLogger(string resourceName) => new ResourceLogger(Log(resourceName));

    /// <summary>The lines kept so far and then every new one, until the log is complete.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.Name);
    }

    /// <summary>The lines kept so far and then every new one, until the log is complete.</summary>
    /// <param name="resourceName">The resource's name or the replica's id.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => ReadAsync(Log(resourceName));

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
        yield return Log(resourceName).Backlog();
    }

    /// <summary>Ends the log of a resource: those who watch it see its end.</summary>
    public void Complete(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        Complete(resource.Name);
    }

    /// <summary>Ends a log: those who watch it see its end.</summary>
    /// <param name="name">The resource's name or the replica's id.</param>
    public void Complete(string name) => Log(name).Complete();

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

    /// <summary>Adds a line of a replica's output to its log and to its resource's.</summary>
    internal void Write(string resourceName, string resourceId, string content, bool isError)
    {
        Log(resourceName).Write(content, isError);
        Log(resourceId).Write(content, isError);
    }

    private ResourceLog Log(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _logs.GetOrAdd(name, _ => new ResourceLog(BacklogLines));
    }

    private static async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(
        ResourceLog log, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (backlog, live) = log.Subscribe();
        try
        {
            if (backlog.Count > 0)
            {
                yield return backlog;
            }

            while (await live.Reader.WaitToReadAsync(cancellationToken))
            {
                List<LogLine> batch = [];
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
