using System.Globalization;
using System.Security.Cryptography;

namespace O1Coder.Cli.Checks;

/// <summary>
/// The model that the system takes (O1CODER_MODEL, else the embedded one): every part that SHA256SUMS names is there and
/// has the hash given there.
/// </summary>
internal sealed class ModelCheck : ICheck
{
    private const string Embedded = "models/qwen2.5-coder-0.5b-instruct";
    private const string Variable = "O1CODER_MODEL";
    private const string Sums = "SHA256SUMS";
    private const string GetBack = $"get it back with: git checkout -- {Embedded}";
    private const string PointElsewhere = $"put the folder of a model into {Variable}, or unset it to take the embedded one";

    /// <summary>Where the model is that the repository carries; under the working folder where no repository was found.</summary>
    public static string EmbeddedFolder(Surroundings surroundings) => Path.GetFullPath(Path.Combine(surroundings.Root ?? ".", Embedded));

    public Finding Run(Surroundings surroundings)
    {
        if (surroundings.Variable(Variable) is { Length: > 0 } chosen)
        {
            return Look(chosen, chosen, PointElsewhere);
        }

        return surroundings.Root is null
            ? new Finding("model", Health.Missing, "no repository around here", Surroundings.GoToRepository)
            : Look(EmbeddedFolder(surroundings), Embedded, GetBack);
    }

    // `shown` is the folder as people know it.
    private static Finding Look(string folder, string shown, string advice)
    {
        try
        {
            return Directory.Exists(folder)
                ? LookInside(folder, shown, advice)
                : new Finding("model", Health.Missing, $"no folder {shown}", advice);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Finding("model", Health.Missing, $"{shown} cannot be read: {exception.Message}", advice);
        }
    }

    private static Finding LookInside(string folder, string shown, string advice)
    {
        var sums = Path.Combine(folder, Sums);
        if (!File.Exists(sums))
        {
            return new Finding("model", Health.Missing, $"no file {shown}/{Sums}", advice);
        }

        var parts = File.ReadAllLines(sums).Where(line => line.Length > 0).Select(line => line.Split((char[]?)null, 2,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (parts.Count == 0 || parts.Any(part => part.Length != 2 || part[0].Length != 64))
        {
            return new Finding("model", Health.Missing, $"{shown}/{Sums} is malformed; expected \"<hash>  <file>\" a line", advice);
        }

        var faults = parts.Select(part => Fault(folder, part[1], part[0])).OfType<string>().ToList();
        var bytes = parts.Select(part => new FileInfo(Path.Combine(folder, part[1]))).Sum(file => file.Exists ? file.Length : 0);
        return faults.Count == 0
            ? new Finding("model", Health.Ok, string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}, {parts.Count} parts, {bytes / 1e6:F0} MB, every SHA-256 as it should be"))
            : new Finding("model", Health.Missing, string.Join("; ", faults), advice);
    }

    private static string? Fault(string folder, string name, string expected)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return $"part {name} is missing";
        }

        using var file = File.OpenRead(path);
        var found = Convert.ToHexStringLower(SHA256.HashData(file));
        return found.Equals(expected, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"part {name} has SHA-256 {found[..12]}…, expected {expected[..Math.Min(12, expected.Length)]}…";
    }
}
