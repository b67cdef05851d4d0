namespace O1Coder.Coordinator;

/// <summary>Counts what one problem of a step costs, and tells the step.</summary>
internal sealed class ItemMeter(Action changed)
{
    private long _tokens;
    private double _rate;

    /// <summary>Tokens generated so far.</summary>
    public long Tokens => Interlocked.Read(ref _tokens);

    /// <summary>Tokens a second, as last told.</summary>
    public double Rate => Volatile.Read(ref _rate);

    /// <summary>Sets the tokens generated so far, and their rate where it is known.</summary>
    public void Set(long tokens, double rate = 0)
    {
        Interlocked.Exchange(ref _tokens, tokens);
        Volatile.Write(ref _rate, rate);
        changed();
    }
}
