namespace O1Coder.Inference.Scheduling;

/// <summary>Where a request stands among its caller's, from the moment it comes until nothing of it waits any more.</summary>
/// <param name="job">The request.</param>
/// <param name="line">Its caller's line.</param>
internal sealed class QueuePlace(Job job, CallerLine line)
{
    /// <summary>Its node in the line.</summary>
    public LinkedListNode<Job> Node { get; } = new(job);

    /// <summary>Its caller's line.</summary>
    public CallerLine Line => line;

    /// <summary>Orders the line.</summary>
    public long Order { get; set; }

    /// <summary>Whether it waits to be prefilled; otherwise its prompt is open.</summary>
    public bool Waits { get; set; } = true;

    /// <summary>Turns that it has taken.</summary>
    public int Turns { get; set; }
}
