namespace O1Coder.Cli.Checks;

/// <summary>Looks for one thing that the system needs.</summary>
internal interface ICheck
{
    /// <summary>Looks; what goes wrong while looking is a finding, not an exception.</summary>
    Finding Run(Surroundings surroundings);
}
