namespace O1Coder.Sandbox.Languages;

/// <summary>
/// Something that a compiler makes once of the service's own fixed text and that then speeds up each compilation, such as
/// a precompiled header. It is made in a box like any other, before or beside the programs and never of one.
/// </summary>
/// <param name="Command">The compiler; it writes into <see cref="CompilePlan.OutputFolder"/>.</param>
/// <param name="Files">The text that it reads.</param>
internal sealed record Preparation(BoxCommand Command, IReadOnlyList<SourceFile> Files)
{
    /// <summary>Where below <see cref="Folder"/> what was made lies; empty for the folder itself.</summary>
    public string Subfolder { get; init; } = "";

    /// <summary>The folder in a compiler's box that holds what was made.</summary>
    public const string Folder = "/prepared";
}
