namespace O1Coder.Sandbox.Languages;

/// <summary>How a program is compiled.</summary>
/// <param name="Command">The compiler; it writes into <see cref="OutputFolder"/>.</param>
/// <param name="KeepsSources">Whether the sources are what is run: the command then only checks them.</param>
internal sealed record CompilePlan(BoxCommand Command, bool KeepsSources)
{
    /// <summary>The folder in the compiler's box whose files are brought out.</summary>
    public const string OutputFolder = "/tmp/out";

    /// <summary>The folder in the program's box that holds what was brought out.</summary>
    public const string ProgramFolder = "/program";

    /// <summary>Files beside the sources that belong to the command.</summary>
    public IReadOnlyList<SourceFile> Added { get; init; } = [];

    /// <summary>Files of the service's that are put beside what the compiler made.</summary>
    public IReadOnlyList<SourceFile> Shipped { get; init; } = [];
}
