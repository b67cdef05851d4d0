namespace O1Coder.Benchmarks;

/// <summary>The paths of tokens that have been computed, so that it is known what a path adds. Safe for concurrent callers.</summary>
internal sealed class TokenTrie
{
    private readonly Lock _gate = new();
    private readonly Node _root = new();

    /// <summary>Adds a path and returns how many of its tokens were not there.</summary>
    public int Add(ReadOnlySpan<int> path)
    {
        var added = 0;
        lock (_gate)
        {
            var node = _root;
            foreach (var token in path)
            {
                if (!node.Next.TryGetValue(token, out var next))
                {
                    node.Next.Add(token, next = new Node());
                    added++;
                }

                node = next;
            }
        }

        return added;
    }

    private sealed class Node
    {
        public Dictionary<int, Node> Next { get; } = [];
    }
}
