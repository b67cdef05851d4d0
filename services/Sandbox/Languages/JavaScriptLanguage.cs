using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>JavaScript by Node.js. Its compilation is a check of the syntax.</summary>
internal sealed class JavaScriptLanguage : LanguageDefinition
{
    /// <inheritdoc/>
    public override Language Language => Language.Javascript;

    /// <inheritdoc/>
    public override string Name => "JavaScript";

    /// <inheritdoc/>
    public override string Install => "Node.js 18 or later (Debian and Ubuntu: apt-get install nodejs)";

    /// <inheritdoc/>
    public override RuntimeOverhead Overhead { get; } = new(96L << 20, 16, 32);

    /// <inheritdoc/>
    public override string SourceName(string program) => "program.js";

    /// <inheritdoc/>
    public override async Task<InstalledToolchain?> FindAsync(ToolchainProbe probe, CancellationToken cancellationToken)
    {
        // A version manager's shim is a script: node itself says where it is.
        if (ToolchainProbe.Which("node") is not { } found
            || await probe.AskAsync(found, ["-p", "process.version + ' ' + process.execPath"], cancellationToken) is not { } said
            || said.Split(' ', 2) is not [var version, var path] || !File.Exists(path))
        {
            return null;
        }

        var view = BoxView.Of((await probe.SharedObjectsAsync(path, [], cancellationToken)).Append(path));
        return new InstalledToolchain(version.TrimStart('v'), RealPath.Of(path), view, view) { Home = path };
    }

    /// <inheritdoc/>
    public override CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources, bool isPrepared) =>
        new(new BoxCommand([[toolchain.Home, "--check", sources.Main]], toolchain.CompileView, Environment()), true);

    /// <summary>The stack is the process's own (see <see cref="BoxLimits"/>), less what the engine needs beside it.</summary>
    public override BoxCommand Run(InstalledToolchain toolchain, ProgramSources sources, BoxLimits limits) => new(
        [[toolchain.Home, Fixed($"--max-old-space-size={Math.Max(16, limits.MemoryBytes >> 20)}"), Fixed($"--stack-size={72 << 10}"),
            $"{CompilePlan.ProgramFolder}/{sources.Main}"]], toolchain.RunView, Environment());

    /// <inheritdoc/>
    public override bool RanOutOfMemory(BoxFacts facts, string errors, BoxLimits limits) =>
        facts.ExitStatus > 128 && errors.Contains("heap out of memory", StringComparison.Ordinal);
}
