using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>C++20 by g++.</summary>
internal sealed class CppLanguage : NativeLanguage
{
    private static readonly string[] s_flags = ["-std=c++20", "-O2", "-fmax-errors=100", "-fdiagnostics-color=never", "-pipe"];

    /// <inheritdoc/>
    public override Language Language => Language.Cpp;

    /// <inheritdoc/>
    public override string Name => "C++";

    /// <inheritdoc/>
    public override string Install => "g++ 10 or later (Debian and Ubuntu: apt-get install g++)";

    /// <inheritdoc/>
    public override string SourceName(string program) => "program.cpp";

    /// <inheritdoc/>
    public override Task<InstalledToolchain?> FindAsync(ToolchainProbe probe, CancellationToken cancellationToken) =>
        GnuToolchain.FindAsync(probe, "g++", "cc1plus", cancellationToken);

    /// <inheritdoc/>
    public override CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources) =>
        new(new BoxCommand([[toolchain.Home, .. s_flags, "-o", Output, sources.Main]], toolchain.CompileView, Environment()), false);

    /// <inheritdoc/>
    public override bool RanOutOfMemory(int exitStatus, string errors) =>
        exitStatus == 128 + 6 && errors.Contains("std::bad_alloc", StringComparison.Ordinal);
}
