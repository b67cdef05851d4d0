using O1Coder.Cli.Processes;

namespace O1Coder.Cli.Checks;

/// <summary>libtorch, which trains; searches do without. The Trainer loads it, so a library that this system lacks is told.</summary>
internal sealed class TrainingCheck : ICheck
{
    private const string Name = "libtorch";

    public Finding Run(Surroundings surroundings)
    {
        if (ServiceProcess.Trainer.Find() is not { } program)
        {
            return new Finding(Name, Health.Warning, "could not be tried: the Trainer is not built", ServiceProcess.Trainer.HowToBuild);
        }

        var (exitCode, output) = ProgramProbe.Run(ServiceProcess.Dotnet, program, "libtorch");
        var line = output.Split('\n')[^1].Replace("error: ", "", StringComparison.Ordinal);
        return exitCode == 0
            ? new Finding(Name, Health.Ok, line)
            : new Finding(Name, Health.Warning, line, "train and selfplay need it, searches do not: see docs/libtorch.md");
    }
}
