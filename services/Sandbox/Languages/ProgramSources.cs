namespace O1Coder.Sandbox.Languages;

/// <summary>
/// What a compiler is given. Java, Go and C# compile all files together; for C, C++, Rust and JavaScript the main one
/// alone is named to the compiler or runtime, and the others lie beside it for it to include or load.
/// </summary>
/// <param name="Files">The files; their names are the service's, never a caller's.</param>
/// <param name="Main">The name of the file that holds the entry point.</param>
internal sealed record ProgramSources(IReadOnlyList<SourceFile> Files, string Main)
{
    /// <summary>The text of the main file.</summary>
    public string MainText => Files.Single(file => file.Name == Main).Text;

    /// <summary>A program of one file.</summary>
    public static ProgramSources Of(LanguageDefinition language, string program)
    {
        var name = language.SourceName(program);
        return new ProgramSources([new SourceFile(name, program)], name);
    }
}
