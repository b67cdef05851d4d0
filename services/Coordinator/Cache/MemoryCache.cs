namespace O1Coder.Coordinator;

/// <summary>
/// Values kept in this process, bounded in bytes, the least recently used going first. Answers when Redis does not.
/// </summary>
/// <param name="capacity">The bound, bytes; keys and bookkeeping are not counted.</param>
internal sealed class MemoryCache(long capacity) : ISearchCache
{
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
        if (value.Length > capacity)
        {
            return ValueTask.CompletedTask;
        }

        lock (_lock)
        {
            if (_places.Remove(key, out var old))
            {
                _byUse.Remove(old);
                _bytes -= old.Value.Value.Length;
            }

            _places.Add(key, _byUse.AddFirst((key, value)));
            _bytes += value.Length;
            while (_bytes > capacity)
            {
                var last = _byUse.Last!;
                _byUse.RemoveLast();
                _places.Remove(last.Value.Key);
                _bytes -= last.Value.Value.Length;
            }
        }

        return ValueTask.CompletedTask;
    }
}
