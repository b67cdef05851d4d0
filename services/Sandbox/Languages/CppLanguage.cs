using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>C++20 by g++.</summary>
internal sealed class CppLanguage : NativeLanguage
{
    private const string Header = "bits/stdc++.h";
    private static readonly string[] s_prepared = [$"-I{Preparation.Folder}"];
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
    public override CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources, bool isPrepared) =>
        new(new BoxCommand([[toolchain.Home, .. s_flags, .. isPrepared ? s_prepared : [], "-o", Output, sources.Main]], toolchain.CompileView, Environment()), false);

    /// <summary>The header that holds all others, which most short programs include.</summary>
    public override bool UsesPreparation(ProgramSources sources) => sources.Files.Any(file => file.Text.Contains(Header, StringComparison.Ordinal));

    /// <summary>The compiler takes NAME.gch for NAME where it was made with the same flags and is included first.</summary>
    public override Preparation Prepare(InstalledToolchain toolchain) => new(
        new BoxCommand([[toolchain.Home, .. s_flags, "-x", "c++-header", "-o", $"{CompilePlan.OutputFolder}/stdc++.h.gch", "all.h"]], toolchain.CompileView, Environment()),
        [new SourceFile("all.h", $"#include <{Header}>\n")])
    { Subfolder = "bits" };

    /// <inheritdoc/>
    public override bool RanOutOfMemory(BoxFacts facts, string errors, BoxLimits limits) =>
        facts.ExitStatus == 128 + 6 && errors.Contains("std::bad_alloc", StringComparison.Ordinal);
}
