using System.Text;
using O1Coder.V1;

namespace O1Coder.Sandbox.Languages;

/// <summary>
/// One language: how its toolchain is found, its fixed commands, and what its runtime takes for itself. Nothing of a caller's
/// reaches a command line but numbers of checked limits.
/// </summary>
internal abstract class LanguageDefinition
{
    /// <summary>Which.</summary>
    public abstract Language Language { get; }

    /// <summary>Its name for people.</summary>
    public abstract string Name { get; }

    /// <summary>What to install where it is absent.</summary>
    public abstract string Install { get; }

    /// <summary>What its runtime takes for itself.</summary>
    public abstract RuntimeOverhead Overhead { get; }

    /// <summary>Whether its boxes need a /proc.</summary>
    public virtual bool NeedsProc => false;

    /// <summary>The file name that a program of one file gets.</summary>
    public abstract string SourceName(string program);

    /// <summary>Looks for the toolchain by asking it.</summary>
    /// <returns>Null when it is not here.</returns>
    public abstract Task<InstalledToolchain?> FindAsync(ToolchainProbe probe, CancellationToken cancellationToken);

    /// <summary>How to compile.</summary>
    /// <param name="toolchain">The toolchain.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="isPrepared">Whether the box holds what <see cref="Prepare"/> made; it speeds up and changes no program.</param>
    public abstract CompilePlan Compile(InstalledToolchain toolchain, ProgramSources sources, bool isPrepared);

    /// <summary>Whether a preparation would speed up these sources.</summary>
    public virtual bool UsesPreparation(ProgramSources sources) => false;

    /// <summary>What to prepare.</summary>
    /// <exception cref="NotSupportedException">Nothing.</exception>
    public virtual Preparation Prepare(InstalledToolchain toolchain) => throw new NotSupportedException($"{Name} has nothing to prepare");

    /// <summary>How to run what was compiled, with the caller's limits.</summary>
    public abstract BoxCommand Run(InstalledToolchain toolchain, ProgramSources sources, BoxLimits limits);

    /// <summary>
    /// Whether a program that ended by itself with a failure did so because it got no more memory. It may forge the
    /// words: it has failed all the same.
    /// </summary>
    /// <param name="facts">How it ended.</param>
    /// <param name="errors">The end of its standard error.</param>
    /// <param name="limits">The caller's limits.</param>
    public abstract bool RanOutOfMemory(BoxFacts facts, string errors, BoxLimits limits);

    /// <summary>The environment that every box of a command gets.</summary>
    protected static Dictionary<string, string> Environment(params ReadOnlySpan<(string Name, string Value)> added)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin",
            ["HOME"] = "/tmp",
            ["TMPDIR"] = "/tmp",
            ["LANG"] = "C.UTF-8",
            ["TZ"] = "UTC",
        };
        foreach (var (name, value) in added)
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>A text that holds the service's numbers and names alone, in invariant form.</summary>
    protected static string Fixed(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>A UTF-8 text's bytes.</summary>
    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
