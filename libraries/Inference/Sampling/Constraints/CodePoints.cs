namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>A set of Unicode scalar values: sorted ranges that neither touch nor hold surrogates.</summary>
internal sealed class CodePoints
{
    private const int Last = 0x10FFFF;
    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;

    private CodePoints(IReadOnlyList<(int Low, int High)> ranges) => Ranges = ranges;

    /// <summary>Every character.</summary>
    public static CodePoints All { get; } = Of((0, Last));

    /// <summary>The ranges, ascending, their ends included.</summary>
    public IReadOnlyList<(int Low, int High)> Ranges { get; }

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => Ranges.Count == 0;

    /// <summary>A set of ranges in any order.</summary>
    public static CodePoints Of(params IEnumerable<(int Low, int High)> ranges)
    {
        var merged = new List<(int Low, int High)>();
        foreach (var (low, high) in ranges.SelectMany(WithoutSurrogates).OrderBy(range => range.Low))
        {
            if (merged.Count > 0 && low <= merged[^1].High + 1)
            {
                merged[^1] = (merged[^1].Low, Math.Max(high, merged[^1].High));
            }
            else
            {
                merged.Add((low, high));
            }
        }

        return new CodePoints(merged);
    }

    /// <summary>Every character that is not in it.</summary>
    public CodePoints Negated()
    {
        var rest = new List<(int Low, int High)>();
        var next = 0;
        foreach (var (low, high) in Ranges)
        {
            rest.Add((next, low - 1));
            next = high + 1;
        }

        rest.Add((next, Last));
        return Of(rest);
    }

    private static IEnumerable<(int Low, int High)> WithoutSurrogates((int Low, int High) range)
    {
        var below = (range.Low, High: Math.Min(range.High, FirstSurrogate - 1));
        var above = (Low: Math.Max(range.Low, LastSurrogate + 1), range.High);
        if (below.Low <= below.High)
        {
            yield return below;
        }

        if (above.Low <= above.High)
        {
            yield return above;
        }
    }
}
