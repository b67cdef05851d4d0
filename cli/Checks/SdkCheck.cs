namespace O1Coder.Cli.Checks;

/// <summary>The .NET SDK that builds and starts the system.</summary>
internal sealed class SdkCheck : ICheck
{
    private static readonly Version s_least = new(10, 0, 100);

    public Finding Run(Surroundings surroundings)
    {
        var (exitCode, output) = ProgramProbe.Run("dotnet", "--list-sdks");
        var versions = output.Split('\n')
            .Select(line => Version.TryParse(line.Split(' ', '-')[0], out var version) ? version : null)
            .OfType<Version>().ToList();
        return exitCode != 0 || versions.Count == 0
            ? new Finding(".NET SDK", Health.Missing, exitCode == 0 ? "no SDK is installed" : output, $"install the .NET SDK {s_least} or later")
            : versions.Max()! >= s_least
                ? new Finding(".NET SDK", Health.Ok, versions.Max()!.ToString())
                : new Finding(".NET SDK", Health.Missing, $"{versions.Max()} is too old", $"install the .NET SDK {s_least} or later");
    }
}
