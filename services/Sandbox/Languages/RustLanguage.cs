using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>Rust 2021 by rustc, linked by gcc.</summary>
internal sealed class RustLanguage : NativeLanguage
{
    /// <inheritdoc/>
    public override Language Language => Language.Rust;

    /// <inheritdoc/>
    public override string Name => "Rust";

    /// <inheritdoc/>
    public override string Install => "rustc 1.56 or later (rustup, or on Debian and Ubuntu: apt-get install rustc) and gcc, which links";

    /// <inheritdoc/>
    public override string SourceName(string program) => "program.rs";

    /// <inheritdoc/>
    public override async Task<InstalledToolchain?> FindAsync(ToolchainProbe probe, CancellationToken cancellationToken)
    {
        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        if (ToolchainProbe.Which("rustc", Path.Combine(home, ".cargo", "bin")) is not { } found
            || await GnuToolchain.FindAsync(probe, "gcc", null, cancellationToken) is not { } linker
            // What is on PATH may be rustup, which runs the compiler that its settings name.
            || await probe.AskAsync(found, ["--print", "sysroot"], cancellationToken) is not { Length: > 0 } sysroot
            || await probe.AskAsync(found, ["--version"], cancellationToken) is not { } version)
        {
            return null;
        }

        sysroot = RealPath.Of(sysroot);
        var compiler = Path.Combine(sysroot, "bin", "rustc");
        if (!File.Exists(compiler))
        {
            return null;
        }

        var libraries = Path.Combine(sysroot, "lib");
        var objects = await probe.SharedObjectsAsync(compiler, Directory.EnumerateFiles(libraries, "*.so"), cancellationToken);
        // Where the sysroot is the whole of /usr, as of a distribution's package, its own files alone are seen.
        string[] own = sysroot == "/usr" ? [.. Directory.EnumerateFileSystemEntries(libraries, "librustc*"), Path.Combine(libraries, "rustlib")] : [libraries];
        var view = BoxView.Of([compiler, .. own, .. objects]).With(linker.CompileView);
        return new InstalledToolchain(version.Split(' ') is [_, var number, ..] ? number : version, compiler, view, linker.RunView) { Home = linker.Home };
    }

    /// <inheritdoc/>
    public override CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources, bool isPrepared)
    {
        var sysroot = Path.GetDirectoryName(Path.GetDirectoryName(toolchain.Path))!;
        return new(new BoxCommand([[toolchain.Path, "--sysroot", sysroot, "--edition", "2021", "--crate-type", "bin", "--crate-name", "program", "-O",
            "-C", "debuginfo=0", "-C", "strip=symbols", "-C", $"linker={toolchain.Home}", "--cap-lints", "warn", "--color", "never",
            "-o", Output, sources.Main]], toolchain.CompileView,
            // Without /proc the loader does not know where the compiler lies, nor its libraries.
            Environment(("LD_LIBRARY_PATH", Path.Combine(sysroot, "lib")))), false);
    }

    /// <inheritdoc/>
    public override bool RanOutOfMemory(BoxFacts facts, string errors, BoxLimits limits) =>
        facts.ExitStatus == 128 + 6 && errors.Contains("memory allocation of ", StringComparison.Ordinal);
}
