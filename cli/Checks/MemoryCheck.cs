using System.Globalization;

namespace O1Coder.Cli.Checks;

/// <summary>Memory that this process may use, a container's limit included.</summary>
internal sealed class MemoryCheck : ICheck
{
    private const double Enough = 3;

    public Finding Run(Surroundings surroundings)
    {
        var gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{gibibytes:F1} GiB");
        return gibibytes >= Enough
            ? new Finding("memory", Health.Ok, detail)
            : new Finding("memory", Health.Warning, detail, $"the model and the services want {Enough:0} GiB");
    }
}
