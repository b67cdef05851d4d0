using O1Coder.Hosting.Dashboard.Telemetry.Store;

namespace O1Coder.Hosting.Dashboard.ConsoleLogs;

/// <summary>The last console lines of each resource, for the search. Any thread may add and read.</summary>
internal sealed class ConsoleStore(TelemetryLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Queue<KeptLine> Lines, long Characters)> _resources = new(StringComparer.OrdinalIgnoreCase);
    private long _version;

    /// <summary>Changes with every line.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>How many lines are kept of all resources.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _resources.Values.Sum(one => one.Lines.Count);
            }
        }
    }

    /// <summary>Takes a line; the oldest of its resource make room for it.</summary>
    public void Add(KeptLine line)
    {
        lock (_gate)
        {
            var (lines, characters) = _resources.TryGetValue(line.Instance, out var held) ? held : ([], 0);
            lines.Enqueue(line);
            characters += line.Text.Length;
            while (lines.Count > limits.MaxConsoleLogCount || (characters > limits.MaxConsoleLogCharacters && lines.Count > 1))
            {
                characters -= lines.Dequeue().Text.Length;
            }

            _resources[line.Instance] = (lines, characters);
        }

        Interlocked.Increment(ref _version);
    }

    /// <summary>Forgets the lines of every resource but these.</summary>
    public void Keep(IReadOnlyCollection<string> instances)
    {
        lock (_gate)
        {
            foreach (var gone in _resources.Keys.Except(instances, StringComparer.OrdinalIgnoreCase).ToList())
            {
                _resources.Remove(gone);
            }
        }

        Interlocked.Increment(ref _version);
    }

    /// <summary>What is kept now, resource by resource, each from its oldest line.</summary>
    public List<KeptLine> Lines()
    {
        lock (_gate)
        {
            return [.. _resources.Values.SelectMany(one => one.Lines)];
        }
    }
}
