namespace O1Coder.Hosting.Dashboard.Telemetry.Ingest;

/// <summary>What of a request was not taken, and why; the sender is told and does not send it again.</summary>
internal sealed class Rejections
{
    /// <summary>How many records.</summary>
    public int Count { get; private set; }

    /// <summary>Why the first of them was not; empty when all were taken.</summary>
    public string Message { get; private set; } = "";

    /// <summary>Counts records.</summary>
    public void Add(int count, string why)
    {
        if (count > 0)
        {
            Message = Count == 0 ? why : Message;
            Count += count;
        }
    }
}
