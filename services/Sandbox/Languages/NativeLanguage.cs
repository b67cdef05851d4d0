namespace O1Coder.Sandbox.Languages;

/// <summary>A language whose compiler makes one program of machine code.</summary>
internal abstract class NativeLanguage : LanguageDefinition
{
    /// <summary>The compiler's output.</summary>
    protected const string Output = $"{CompilePlan.OutputFolder}/program";

    private const string Program = $"{CompilePlan.ProgramFolder}/program";

    /// <inheritdoc/>
    public override RuntimeOverhead Overhead => RuntimeOverhead.Native;

    /// <inheritdoc/>
    public override BoxCommand Run(InstalledToolchain toolchain, ProgramSources sources, BoxLimits limits) =>
        new([[Program]], toolchain.RunView, Environment());
}
