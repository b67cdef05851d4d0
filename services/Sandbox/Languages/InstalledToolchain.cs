namespace O1Coder.Sandbox.Languages;

/// <summary>A toolchain that was found on this machine.</summary>
/// <param name="Version">Its version, as it says it.</param>
/// <param name="Path">The real path of its compiler or runtime.</param>
/// <param name="CompileView">What the compiler's box sees.</param>
/// <param name="RunView">What the program's box sees.</param>
internal sealed record InstalledToolchain(string Version, string Path, BoxView CompileView, BoxView RunView)
{
    /// <summary>A folder that the language's definition needs to know, for example the one of the standard library.</summary>
    public string Home { get; init; } = "";

    /// <summary>The folder of the standard library that is compiled against, where the definition needs to know it.</summary>
    public string Library { get; init; } = "";

    /// <summary>The version of the runtime, where that is another than the compiler's.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>Text that is the same as long as the toolchain is: part of a compiled program's key.</summary>
    public string Identity => $"{Path} {File.GetLastWriteTimeUtc(Path).Ticks} {Version} {Library} {Runtime}";
}
