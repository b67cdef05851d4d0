namespace O1Coder.Inference.Scheduling;

/// <summary>The requests of one caller and priority that want something, in their order.</summary>
internal sealed class CallerLine
{
    /// <summary>Makes an empty line.</summary>
    /// <param name="name">The caller.</param>
    /// <param name="level">The priority's level.</param>
    public CallerLine(string name, PriorityLevel level) => (Name, Level, Node) = (name, level, new LinkedListNode<CallerLine>(this));

    /// <summary>The caller.</summary>
    public string Name { get; }

    /// <summary>The priority's level.</summary>
    public PriorityLevel Level { get; }

    /// <summary>Its node in the level.</summary>
    public LinkedListNode<CallerLine> Node { get; }

    /// <summary>Its requests; the first goes first.</summary>
    public LinkedList<Job> Jobs { get; } = [];

    /// <summary>Of them, those whose prompts are open.</summary>
    public int Open { get; set; }

    /// <summary>Orders the callers of a level: who took a turn goes behind the others.</summary>
    public long Turn { get; set; }
}
