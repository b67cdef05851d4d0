using System.Globalization;

namespace O1Coder.Cli.Checks;

/// <summary>Free space where logs are written.</summary>
internal sealed class DiskCheck : ICheck
{
    private const double Enough = 2;

    public Finding Run(Surroundings surroundings)
    {
        try
        {
            var free = new DriveInfo(surroundings.Root ?? Environment.CurrentDirectory).AvailableFreeSpace / (double)(1L << 30);
            var detail = string.Create(CultureInfo.InvariantCulture, $"{free:F1} GiB free");
            return free >= Enough
                ? new Finding("disk", Health.Ok, detail)
                : new Finding("disk", Health.Warning, detail, $"make room: {Enough:0} GiB let it build and keep its logs");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Finding("disk", Health.Warning, $"free space is unknown: {exception.Message}", "see what df says");
        }
    }
}
