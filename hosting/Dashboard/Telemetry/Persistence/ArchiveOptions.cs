using System.Globalization;

namespace O1Coder.Hosting.Dashboard.Telemetry.Persistence;

/// <summary>Whether telemetry is kept over a restart: section <c>Dashboard:Telemetry</c>, <c>DASHBOARD__TELEMETRY__…</c> in the environment.</summary>
/// <param name="Folder">Where the file is; null: nothing is kept.</param>
/// <param name="MaxBytes">What the file may hold, in bytes, packed; a third for each kind of telemetry.</param>
internal sealed record ArchiveOptions(string? Folder, long MaxBytes)
{
    private const string FolderSetting = "Dashboard:Telemetry:Persistence";
    private const string BytesSetting = "Dashboard:Telemetry:PersistenceBytes";
    private const long DefaultBytes = 96L << 20;
    private const long LeastBytes = 1L << 20;

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidOperationException">A value makes no sense; the message names it and what was expected.</exception>
    public static ArchiveOptions Read(IConfiguration configuration)
    {
        var bytes = DefaultBytes;
        if (configuration[BytesSetting] is { Length: > 0 } text
            && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes) || bytes < LeastBytes))
        {
            throw new InvalidOperationException($"{BytesSetting} is '{text}': expected a whole number from {LeastBytes}");
        }

        return new ArchiveOptions(configuration[FolderSetting] is { Length: > 0 } folder ? Path.GetFullPath(folder) : null, bytes);
    }
}
