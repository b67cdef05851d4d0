namespace O1Coder.Inference.Sampling;

/// <summary>
/// Finds the likeliest tokens without sorting the others: quickselect (Hoare, Algorithm 65, 1961), which goes on in the part in
/// which the border lies, here that of a number of tokens or of a sum of weights. Expected time is linear.
/// </summary>
internal static class TokenSelection
{
    // Below so many, they are sorted.
    private const int Few = 16;

    /// <summary>
    /// Moves the likeliest tokens, of equal ones the lowest ids, to the front until there are so many or their weights reach a
    /// sum, and at least one. The last of them is the least likely one; the order of the others is not told.
    /// </summary>
    /// <param name="tokens">Tokens, at least one, each once.</param>
    /// <param name="weights">Each token's.</param>
    /// <param name="count">How many at most, at least 1.</param>
    /// <param name="mass">The sum.</param>
    /// <param name="found">Their weights' sum.</param>
    /// <returns>How many they are: fewer than wanted where there are no more.</returns>
    public static int Likeliest(Span<int> tokens, ReadOnlySpan<float> weights, int count, double mass, out double found)
    {
        // Tokens before begin belong to them; where end is not the tokens' end, those before it are enough.
        var (begin, end) = (0, tokens.Length);
        found = 0;
        while (end - begin > Few)
        {
            var pivot = Partition(tokens[begin..end], weights, out var before) + begin;
            if (pivot >= count || (found + before >= mass && pivot > 0))
            {
                end = pivot;
                continue;
            }

            found += before + weights[tokens[pivot]];
            begin = pivot + 1;
            if (begin >= count || found >= mass)
            {
                return begin;
            }
        }

        Sort(tokens[begin..end], weights);
        do
        {
            found += weights[tokens[begin++]];
        }
        while (begin < end && begin < count && found < mass);
        return begin;
    }

    /// <summary>Moves tokens of at least some weight to the front, in their order.</summary>
    /// <param name="tokens">Tokens.</param>
    /// <param name="weights">Each token's.</param>
    /// <param name="least">The least weight.</param>
    /// <param name="found">Their weights' sum.</param>
    /// <returns>How many they are.</returns>
    public static int AtLeast(Span<int> tokens, ReadOnlySpan<float> weights, float least, out double found)
    {
        var kept = 0;
        found = 0;
        foreach (var token in tokens)
        {
            if (weights[token] >= least)
            {
                tokens[kept++] = token;
                found += weights[token];
            }
        }

        return kept;
    }

    // Around the middle one of three; returns its place, and the sum of what lies before it.
    private static int Partition(Span<int> tokens, ReadOnlySpan<float> weights, out double before)
    {
        var (middle, last) = (tokens.Length / 2, tokens.Length - 1);
        Order(ref tokens[0], ref tokens[middle], weights);
        Order(ref tokens[middle], ref tokens[last], weights);
        Order(ref tokens[0], ref tokens[middle], weights);
        var pivot = tokens[middle];
        (tokens[middle], tokens[last]) = (tokens[last], pivot);
        var place = 0;
        before = 0;
        for (var i = 0; i < last; i++)
        {
            var token = tokens[i];
            if (Before(token, pivot, weights))
            {
                before += weights[token];
                (tokens[i], tokens[place]) = (tokens[place], token);
                place++;
            }
        }

        (tokens[last], tokens[place]) = (tokens[place], pivot);
        return place;
    }

    private static void Order(ref int first, ref int second, ReadOnlySpan<float> weights)
    {
        if (Before(second, first, weights))
        {
            (first, second) = (second, first);
        }
    }

    private static void Sort(Span<int> tokens, ReadOnlySpan<float> weights)
    {
        for (var i = 1; i < tokens.Length; i++)
        {
            var token = tokens[i];
            var at = i;
            for (; at > 0 && Before(token, tokens[at - 1], weights); at--)
            {
                tokens[at] = tokens[at - 1];
            }

            tokens[at] = token;
        }
    }

    private static bool Before(int left, int right, ReadOnlySpan<float> weights) =>
        weights[left] > weights[right] || (weights[left] == weights[right] && left < right);
}
