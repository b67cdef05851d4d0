namespace O1Coder.Sandbox.Languages;

/// <summary>One run of a command in a box of its own; the launcher's <c>command.py</c> says what each part means.</summary>
/// <param name="Command">What is run.</param>
/// <param name="Limits">Its limits, the runtime's own needs included.</param>
/// <param name="Files">Files in the working folder.</param>
/// <param name="Input">Standard input.</param>
internal sealed record CommandRequest(BoxCommand Command, BoxLimits Limits, IReadOnlyList<SourceFile> Files, ReadOnlyMemory<byte> Input)
{
    /// <summary>The stack of the first thread, bytes: 64 MiB for the program, and the rest for what called it.</summary>
    public const long StackBytes = 80L << 20;

    /// <summary>Folders of the host that the box sees elsewhere, read-only: the path in the box, and the one outside.</summary>
    public IReadOnlyList<(string Inside, string Outside)> Placed { get; init; } = [];

    /// <summary>Whether it gives way to everything else.</summary>
    public bool IsBackground { get; init; }

    /// <summary>Whether <see cref="CompilePlan.OutputFolder"/> is brought back, at most <see cref="CollectBytes"/>.</summary>
    public bool Collects { get; init; }

    /// <summary>The most bytes that are brought back.</summary>
    public long CollectBytes { get; init; }

    /// <summary>
    /// What the program can read on descriptor 3; null where it gets none. What it writes there comes back as
    /// <see cref="CommandResult.Channel"/>.
    /// </summary>
    public ReadOnlyMemory<byte>? Channel { get; init; }
}
