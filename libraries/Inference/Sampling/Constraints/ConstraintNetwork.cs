namespace O1Coder.Inference.Sampling.Constraints;

/// <summary>
/// A constraint as a recursive transition network over bytes (Woods, CACM 1970): a nondeterministic automaton a rule, whose
/// edges read a byte of a range, read nothing, or call a rule and go on behind it. A regular expression is one rule without
/// calls. From every state the end of its rule can be reached, so what is alive can be completed.
/// </summary>
internal sealed class ConstraintNetwork
{
    /// <summary>The state in which an answer begins.</summary>
    public required int Start { get; init; }

    /// <summary>[state]: the edges that read a byte.</summary>
    public required (byte Low, byte High, int Target)[][] Edges { get; init; }

    /// <summary>[state]: the states that it is as good as in.</summary>
    public required int[][] Empty { get; init; }

    /// <summary>
    /// [state]: the first states of rules that it calls, and the states behind; the latter is -1 where nothing comes behind
    /// but the end of the calling rule, so that recursion at a rule's end takes no room.
    /// </summary>
    public required (int First, int Behind)[][] Calls { get; init; }

    /// <summary>[state]: whether its rule ends here.</summary>
    public required bool[] Ends { get; init; }

    /// <summary>[byte]: its class; bytes of one class are read by the same edges.</summary>
    public required byte[] ClassOf { get; init; }

    /// <summary>[class]: a byte of it.</summary>
    public required byte[] ByteOf { get; init; }
}
