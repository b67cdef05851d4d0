namespace O1Coder.Sandbox.Languages;

/// <summary>What a compiler came to.</summary>
/// <param name="Error">Why there is no program, one line; null when there is one.</param>
/// <param name="Log">What the compiler said, at most 64 KiB.</param>
/// <param name="Files">The program's files.</param>
internal sealed record CompileOutcome(string? Error, string Log, IReadOnlyList<OutputFile> Files)
{
    /// <summary>Whether the same sources come to the same again; a limit that was reached depends on the machine's load.</summary>
    public bool IsFinal { get; init; } = true;

    /// <summary>Whether the sandbox itself failed, which says nothing about the program.</summary>
    public bool IsInternal { get; init; }
}
