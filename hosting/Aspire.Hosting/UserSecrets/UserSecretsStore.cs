using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting.UserSecrets;

/// <summary>
/// Values that are made up once and then kept in the user's secrets for this AppHost (<c>UserSecretsId</c> of its project): a
/// JSON object of flat keys, in the user's home. Without an id, or where the file cannot be written, a value lasts for one run.
/// </summary>
/// <param name="path">The file; null for none.</param>
/// <param name="configuration">Comes first: whoever sets a value gets it.</param>
internal sealed class UserSecretsStore(string? path, IConfiguration configuration)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private static readonly TimeSpan s_lockLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _made = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a value that was made up lasts for this run only; null while there is no such value.</summary>
    public string? WhyNotKept { get; private set; }

    /// <summary>The file of an AppHost's secrets; null where it has none, or its user has no home.</summary>
    /// <param name="id">The AppHost's id; null for none.</param>
    public static string? PathOf(string? id)
    {
        try
        {
            return id is null ? null : PathHelper.GetSecretsPathFromSecretsId(id);
        }
        catch (InvalidOperationException)
        {
            return null; // There is neither a home nor a folder for application data, as in some containers.
        }
    }

    /// <summary>The value that is configured or kept under a key, else one that is made up and, if possible, kept.</summary>
    public string GetOrAdd(string key, Func<string> make)
    {
        if (configuration[key] is { Length: > 0 } configured)
        {
            return configured;
        }

        lock (_lock)
        {
            if (!_made.TryGetValue(key, out var value))
            {
                _made[key] = value = path is null ? make() : GetOrKeep(path, key, make);
            }

            return value;
        }
    }

    private string GetOrKeep(string file, string key, Func<string> make)
    {
        string? made = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var held = Hold(file + ".lock");
            var secrets = Read(file);
            if (secrets[key] is JsonValue known && known.TryGetValue<string>(out var kept) && kept.Length > 0)
            {
                return kept;
            }

            made = make();
            secrets[key] = made;
            Write(file, secrets);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            WhyNotKept = $"'{file}': {exception.Message}";
        }

        return made ?? make();
    }

    // Two AppHosts of one project may start at once: the second has to find what the first made.
    private static FileStream Hold(string path)
    {
        var until = DateTime.UtcNow + s_lockLimit;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < until)
            {
                Thread.Sleep(20);
            }
        }
    }

    // { "Parameters:redis-password": "…", "AppHost:OtlpApiKey": "…" }, with comments allowed.
    private static JsonObject Read(string path) => File.Exists(path)
        ? JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })
            as JsonObject ?? throw new JsonException("the file is no JSON object")
        : [];

    private static void Write(string path, JsonObject secrets)
    {
        var next = $"{path}.{Guid.NewGuid():N}.tmp";
        using (var stream = new FileStream(next, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(stream, secrets, s_indented);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }
}
