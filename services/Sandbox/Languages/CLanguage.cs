using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>C17 by gcc.</summary>
internal sealed class CLanguage : NativeLanguage
{
    private static readonly string[] s_flags = ["-std=c17", "-O2", "-fmax-errors=100", "-fdiagnostics-color=never", "-pipe"];

    /// <inheritdoc/>
    public override Language Language => Language.C;

    /// <inheritdoc/>
    public override string Name => "C";

    /// <inheritdoc/>
    public override string Install => "gcc 8 or later (Debian and Ubuntu: apt-get install gcc libc6-dev)";

    /// <inheritdoc/>
    public override string SourceName(string program) => "program.c";

    /// <inheritdoc/>
    public override Task<InstalledToolchain?> FindAsync(ToolchainProbe probe, CancellationToken cancellationToken) =>
        GnuToolchain.FindAsync(probe, "gcc", "cc1", cancellationToken);

    /// <inheritdoc/>
    public override CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources, bool isPrepared) =>
        new(new BoxCommand([[toolchain.Home, .. s_flags, "-o", Output, sources.Main, "-lm"]], toolchain.CompileView, Environment()), false);

    /// <summary>C has no word for it: malloc returns NULL, and what the program makes of that is its own.</summary>
    public override bool RanOutOfMemory(BoxFacts facts, string errors, BoxLimits limits) => false;
}
