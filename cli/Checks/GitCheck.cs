namespace O1Coder.Cli.Checks;

/// <summary>git, which the repository comes by.</summary>
internal sealed class GitCheck : ICheck
{
    public Finding Run(Surroundings surroundings)
    {
        var (exitCode, output) = ProgramProbe.Run("git", "--version");
        return exitCode == 0
            ? new Finding("git", Health.Ok, output.Replace("git version ", "", StringComparison.Ordinal))
            : new Finding("git", Health.Warning, output, "install git to update this repository");
    }
}
