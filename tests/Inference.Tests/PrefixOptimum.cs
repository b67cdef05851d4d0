namespace O1Coder.Inference.Tests;

/// <summary>What prefilling a trace costs at least: no cache of whatever kind computes fewer tokens.</summary>
internal sealed class PrefixOptimum
{
    private readonly Dictionary<(int Parent, int Token), int> _trie = [];
    private readonly List<(int[] Prompt, int[][] Answers)> _requests = [];

    /// <summary>Tokens of all prompts.</summary>
    public long Requested { get; private set; }

    /// <summary>Tokens of the trie of all prompts and answers.</summary>
    public int Distinct => _trie.Count;

    /// <summary>The next request.</summary>
    /// <param name="prompt">Its prompt.</param>
    /// <param name="answers">Prompts with what was decoded behind them and may be kept.</param>
    public void Add(IReadOnlyList<int> prompt, IEnumerable<IReadOnlyList<int>> answers)
    {
        Requested += prompt.Count;
        _requests.Add((Nodes(prompt), [.. answers.Select(Nodes)]));
    }

    /// <summary>
    /// Tokens to prefill with <paramref name="capacity"/> tokens kept between requests, one request after another: what is
    /// needed again soonest is kept (Belady, IBM Systems Journal 1966), as if each token could be kept without those before.
    /// </summary>
    /// <param name="capacity">Tokens.</param>
    /// <param name="least">Tokens that every request prefills.</param>
    public long Prefilled(int capacity, int least)
    {
        var uses = new Dictionary<int, Queue<int>>();
        for (var i = 0; i < _requests.Count; i++)
        {
            foreach (var node in _requests[i].Prompt)
            {
                if (!uses.TryGetValue(node, out var when))
                {
                    uses.Add(node, when = new Queue<int>());
                }

                when.Enqueue(i);
            }
        }

        var prefilled = 0L;
        var kept = new HashSet<int>();
        foreach (var (prompt, answers) in _requests)
        {
            prefilled += Math.Max(prompt.Count(node => !kept.Contains(node)), least);
            foreach (var node in prompt)
            {
                uses[node].Dequeue();
            }

            kept = [.. kept.Concat(prompt).Concat(answers.SelectMany(path => path)).Distinct()
                .Where(node => uses.TryGetValue(node, out var when) && when.Count > 0)
                .OrderBy(node => uses[node].Peek())
                .Take(capacity)];
        }

        return prefilled;
    }

    /// <summary>
    /// Tokens to prefill likewise where the least recently used tokens go first, the ends of paths before their beginnings, one
    /// by one: what a cache that cannot see the future does if it wastes nothing. Which of the answers that end together is
    /// the older is open: the worse of both orders counts.
    /// </summary>
    /// <param name="capacity">Tokens.</param>
    /// <param name="least">Tokens that every request prefills.</param>
    public long PrefilledByLeastRecentlyUsed(int capacity, int least) =>
        Math.Max(PrefilledByLeastRecentlyUsed(capacity, least, false), PrefilledByLeastRecentlyUsed(capacity, least, true));

    /// <summary>The least tokens with which that prefills no more than with room for everything.</summary>
    /// <param name="least">Tokens that every request prefills.</param>
    public int Sufficient(int least)
    {
        var wanted = Prefilled(Distinct, least);
        var (few, enough) = (0, Distinct);
        while (enough - few > 1)
        {
            var middle = (few + enough) / 2;
            (few, enough) = PrefilledByLeastRecentlyUsed(middle, least) == wanted ? (few, middle) : (middle, enough);
        }

        return enough;
    }

    private long PrefilledByLeastRecentlyUsed(int capacity, int least, bool reversed)
    {
        var (prefilled, clock) = (0L, 0L);
        var kept = new Dictionary<int, long>();
        foreach (var (prompt, answers) in _requests)
        {
            prefilled += Math.Max(prompt.Count(node => !kept.ContainsKey(node)), least);
            foreach (var path in (reversed ? answers.Reverse() : answers).Prepend(prompt))
            {
                for (var i = path.Length - 1; i >= 0; i--)
                {
                    kept[path[i]] = ++clock;
                }

                foreach (var (node, _) in kept.OrderBy(one => one.Value).Take(kept.Count - capacity).ToArray())
                {
                    kept.Remove(node);
                }
            }
        }

        return prefilled;
    }

    private int[] Nodes(IReadOnlyList<int> path)
    {
        var nodes = new int[path.Count];
        var parent = -1;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!_trie.TryGetValue((parent, path[i]), out var node))
            {
                _trie.Add((parent, path[i]), node = _trie.Count);
            }

            nodes[i] = parent = node;
        }

        return nodes;
    }
}
