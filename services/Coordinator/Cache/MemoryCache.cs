namespace O1Coder.Coordinator;

/// <summary>
/// Values kept in this process, bounded in bytes, the least recently used going first. Answers when Redis does not.
/// </summary>
/// <param name="capacity">The bound, bytes: of values, keys and what it takes to find them.</param>
internal sealed class MemoryCache(long capacity) : ISearchCache
{
    // The objects of a string, an array and a node, and a place in the table: most of what a small value takes.
    private const int Overhead = 160;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, byte[] Value)>> _places = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, byte[] Value)> _byUse = new();
    private long _bytes;

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(key, out var place))
            {
                return ValueTask.FromResult<byte[]?>(null);
            }

            _byUse.Remove(place);
            _byUse.AddFirst(place);
            return ValueTask.FromResult<byte[]?>(place.Value.Value);
        }
    }

    public ValueTask SetAsync(string key, byte[] value, CancellationToken cancellationToken)
    {
        if (Size(key, value) > capacity)
        {
            return ValueTask.CompletedTask;
        }

        lock (_lock)
        {
            if (_places.Remove(key, out var old))
            {
                _byUse.Remove(old);
                _bytes -= Size(key, old.Value.Value);
            }

            _places.Add(key, _byUse.AddFirst((key, value)));
            _bytes += Size(key, value);
            while (_bytes > capacity)
            {
                var last = _byUse.Last!;
                _byUse.RemoveLast();
                _places.Remove(last.Value.Key);
                _bytes -= Size(last.Value.Key, last.Value.Value);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static long Size(string key, byte[] value) => Overhead + (2L * key.Length) + value.Length;
}
