namespace O1Coder.Coordinator;

/// <summary>Counts what one item of a step costs and how far it is, and tells the step.</summary>
internal sealed class ItemMeter(double weight, Action changed)
{
    private long _tokens;
    private double _rate;
    private double _share;

    /// <summary>Tokens generated so far.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>Tokens a second, as last told.</summary>
    public double Rate => Volatile.Read(ref _rate);

    /// <summary>How much of the step's work is done here: of the item's weight the share that is done.</summary>
    public double Done => weight * Volatile.Read(ref _share);

    /// <summary>Sets the tokens generated so far, and their rate and the share of the item that is done where they are known.</summary>
    public void Set(long tokens, double rate = 0, double share = 0)
    {
        Interlocked.Exchange(ref _tokens, tokens);
        Volatile.Write(ref _rate, rate);
        Volatile.Write(ref _share, share);
        changed();
    }
}
