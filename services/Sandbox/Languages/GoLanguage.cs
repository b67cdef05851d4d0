using System.Runtime.InteropServices;
using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>Go by its compiler and linker proper, without the go command, modules and C.</summary>
internal sealed class GoLanguage : NativeLanguage
{
    // A goroutine's stack may become 1 GB, which the memory limit would end before the runtime calls it an overflow. A
    // stack grows by doubling: 128 MiB is the least that holds 64 MiB of the program's.
    private static readonly SourceFile s_stack = new("o1coder_stack.go", """
        package main

        import "runtime/debug"

        func init() { debug.SetMaxStack(128 << 20) }
        """);

    /// <inheritdoc/>
    public override Language Language => Language.Go;

    /// <inheritdoc/>
    public override string Name => "Go";

    /// <inheritdoc/>
    public override string Install => "Go (Debian and Ubuntu: apt-get install golang)";

    /// <summary>While a stack grows, the old one and the new one are there at once.</summary>
    public override RuntimeOverhead Overhead { get; } = new(128L << 20, 12, 16);

    /// <inheritdoc/>
    public override string SourceName(string program) => "program.go";

    /// <inheritdoc/>
    public override async Task<InstalledToolchain?> FindAsync(ToolchainProbe probe, CancellationToken cancellationToken)
    {
        if (ToolchainProbe.Which("go") is not { } found
            || await probe.AskAsync(found, ["env", "GOVERSION", "GOTOOLDIR", "GOROOT"], cancellationToken) is not { } said
            || said.Split('\n') is not [var version, var tools, var root, ..])
        {
            return null;
        }

        tools = RealPath.Of(tools);
        var library = RealPath.Of(Path.Combine(root, "pkg", $"linux_{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}"));
        if (!File.Exists(Path.Combine(tools, "compile")) || !File.Exists(Path.Combine(library, "fmt.a")))
        {
            return null;
        }

        var view = BoxView.Of([Path.Combine(tools, "compile"), Path.Combine(tools, "link"), library]);
        return new InstalledToolchain(version.Replace("go", "", StringComparison.Ordinal), Path.Combine(tools, "compile"), view, BoxView.Empty) { Home = tools, Library = library };
    }

    /// <inheritdoc/>
    public override CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources, bool isPrepared) => new(new BoxCommand(
        [
            [Path.Combine(toolchain.Home, "compile"), "-p", "main", "-complete", "-trimpath", "/tmp", "-I", toolchain.Library, "-o", "/tmp/main.o",
                .. sources.Files.Select(file => file.Name), s_stack.Name],
            [Path.Combine(toolchain.Home, "link"), "-s", "-w", "-L", toolchain.Library, "-o", Output, "/tmp/main.o"],
        ], toolchain.CompileView, Environment()), false)
    { Added = [s_stack] };

    /// <inheritdoc/>
    public override bool RanOutOfMemory(BoxFacts facts, string errors, BoxLimits limits) =>
        facts.ExitStatus == 2 && errors.Contains("runtime: out of memory", StringComparison.Ordinal);
}
