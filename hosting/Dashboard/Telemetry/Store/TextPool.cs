namespace O1Coder.Hosting.Dashboard.Telemetry.Store;

/// <summary>
/// Gives equal short texts one object: names and most values come again with every span. A table of fixed size in which a text
/// takes the place of another with the same slot, so that it never grows and needs no lock: a reader sees one or the other.
/// </summary>
internal sealed class TextPool
{
    private const int Slots = 1 << 14;
    private const int LongestPooled = 96;

    private readonly string?[] _slots = new string?[Slots];

    /// <summary>The text, as an object that may be shared.</summary>
    public string Share(string text)
    {
        if (text.Length is 0 or > LongestPooled)
        {
            return text;
        }

        ref var slot = ref _slots[text.GetHashCode(StringComparison.Ordinal) & (Slots - 1)];
        var held = Volatile.Read(ref slot);
        if (held is not null && held == text)
        {
            return held;
        }

        Volatile.Write(ref slot, text);
        return text;
    }
}
