namespace O1Coder.Sandbox.Languages;

/// <summary>
/// What a runtime takes for itself before the program does anything: added to the caller's limits, so that those mean
/// the program's own use.
/// </summary>
/// <param name="MemoryBytes">Memory of the runtime and of the box's first process.</param>
/// <param name="Processes">Threads of the runtime.</param>
/// <param name="OpenFiles">Files that the runtime holds open.</param>
internal sealed record RuntimeOverhead(long MemoryBytes, int Processes, int OpenFiles)
{
    /// <summary>Of a program that is machine code: the box's first process and the loader.</summary>
    public static RuntimeOverhead Native { get; } = new(16L << 20, 0, 4);
}
