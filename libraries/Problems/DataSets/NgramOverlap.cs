namespace O1Coder.Problems.DataSets;

/// <summary>
/// Finds texts that share n consecutive words with others, so that no evaluation problem is learnt from. Words are runs of
/// letters and digits, case-folded. A text of fewer than n words counts as one run: it is found where another text has
/// exactly the same words. Source: the 16-gram decontamination of rStar-Coder (arXiv 2505.21297).
/// </summary>
/// <param name="length">n, at least 1.</param>
public sealed class NgramOverlap(int length = NgramOverlap.DefaultLength)
{
    /// <summary>The words of a run when nothing is said.</summary>
    public const int DefaultLength = 16;

    private readonly int _length = length >= 1 ? length : throw new ArgumentOutOfRangeException(nameof(length), length, "A run has at least one word.");
    private readonly List<(string Id, string[] Words)> _texts = [];
    private readonly Dictionary<ulong, List<(int Text, int Start)>> _runs = [];

    /// <summary>Adds a text that others are compared with.</summary>
    /// <param name="id">Its name in matches.</param>
    /// <param name="text">The text; one without words is never found.</param>
    public void Add(string id, string text)
    {
        ArgumentNullException.ThrowIfNull(id);
        var words = WordsOf(text);
        _texts.Add((id, words));
        foreach (var (hash, start) in RunsOf(words))
        {
            if (!_runs.TryGetValue(hash, out var places))
            {
                _runs[hash] = places = [];
            }

            places.Add((_texts.Count - 1, start));
        }
    }

    /// <summary>The added texts that share a run of n words with a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>One match for each of them, in the order in which they were added.</returns>
    public IReadOnlyList<NgramMatch> Find(string text)
    {
        var words = WordsOf(text);
        var found = new SortedDictionary<int, string>();
        foreach (var (hash, start) in RunsOf(words))
        {
            foreach (var (other, place) in _runs.GetValueOrDefault(hash) ?? [])
            {
                // Hashes may collide; words decide.
                if (!found.ContainsKey(other) && RunAt(words, start).SequenceEqual(RunAt(_texts[other].Words, place)))
                {
                    found.Add(other, string.Join(' ', RunAt(words, start).ToArray()));
                }
            }
        }

        return [.. found.Select(match => new NgramMatch(_texts[match.Key].Id, match.Value))];
    }

    private Span<string> RunAt(string[] words, int start) => words.AsSpan(start, Math.Min(_length, words.Length - start));

    // FNV-1a over the words; the same on every machine.
    private IEnumerable<(ulong Hash, int Start)> RunsOf(string[] words)
    {
        for (var start = 0; start + Math.Min(_length, words.Length) <= words.Length && words.Length > 0; start++)
        {
            var hash = 14695981039346656037UL;
            var run = words.Skip(start).Take(_length);
            foreach (var word in run)
            {
                foreach (var c in word)
                {
                    hash = (hash ^ c) * 1099511628211UL;
                }

                hash = (hash ^ ' ') * 1099511628211UL;
            }

            yield return (hash, start);
        }
    }

    private static string[] WordsOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            while (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                i++;
            }

            if (i > start)
            {
                words.Add(text[start..i].ToLowerInvariant());
            }
        }

        return [.. words];
    }
}
