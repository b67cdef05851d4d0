namespace O1Coder.Sandbox;

/// <summary>One run of a Python program in one box.</summary>
/// <param name="Program">The program's source.</param>
/// <param name="Mode">What is done with it.</param>
/// <param name="Input">What is written to its standard input; for a call, the call.</param>
/// <param name="Limits">The limits.</param>
internal sealed record BoxRequest(string Program, BoxMode Mode, ReadOnlyMemory<byte> Input, BoxLimits Limits)
{
    /// <summary>Of the mode judge: the assertion's text. It reaches the judge's box, never the program's.</summary>
    public string Test { get; init; } = "";

    /// <summary>Files put beside the program, by name.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>Whether the run's steps are told, over the channel.</summary>
    public bool Trace { get; init; }
}
