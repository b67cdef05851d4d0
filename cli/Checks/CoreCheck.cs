namespace O1Coder.Cli.Checks;

/// <summary>Processor cores that this process may use.</summary>
internal sealed class CoreCheck : ICheck
{
    public Finding Run(Surroundings surroundings) => Environment.ProcessorCount > 1
        ? new Finding("cores", Health.Ok, $"{Environment.ProcessorCount}")
        : new Finding("cores", Health.Warning, "1", "two or more let the sandbox run beside the model");
}
