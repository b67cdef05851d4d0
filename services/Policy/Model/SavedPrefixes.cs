using System.Globalization;
using Microsoft.Extensions.Options;
using O1Coder.Inference;

namespace O1Coder.Policy;

/// <summary>
/// Prefixes that outlive the process, where the options name a folder: an orderly stop writes the hottest ones, the next
/// start reads them. Those of adapters are not among them: adapters come with requests. A file that does not fit, or cannot
/// be read or written, costs one line in the log and a prefill.
/// </summary>
internal sealed class SavedPrefixes(IOptions<PolicyOptions> options, ModelHost host, ILogger<SavedPrefixes> logger) : IHostedService
{
    /// <summary>Bytes of keys and values that are written at most.</summary>
    public const long MaxBytes = 64L << 20;

    private const string Pattern = "prefix-*.kv";

    /// <summary>Gives a model that was loaded what the last one left.</summary>
    public async Task LoadAsync(LoadedModel loaded, CancellationToken cancellationToken)
    {
        var folder = options.Value.Prefixes;
        if (folder.Length == 0)
        {
            return;
        }

        if (loaded.Engine is not IPrefixStore store)
        {
            logger.LogWarning("O1CODER_PREFIXES is set, but {Backend} has no prefixes of its own to keep", loaded.Engine.Description.Backend);
            return;
        }

        var tokens = 0;

        // The hottest come last, so that they are the last to be forgotten.
        foreach (var path in Files(folder).Reverse())
        {
            await TryAsync(path, async () => tokens += await store.LoadPrefixAsync(path, cancellationToken));
        }

        logger.LogInformation("{Tokens} tokens of saved prefixes read from {Folder}", tokens, folder);
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var folder = options.Value.Prefixes;
        if (folder.Length == 0 || host.Loaded?.Engine is not IPrefixStore store)
        {
            return;
        }

        var hot = (await store.HotPrefixesAsync(MaxBytes, cancellationToken)).Where(prefix => prefix.Adapter is null).ToArray();
        var tokens = 0;
        var written = new HashSet<string>(StringComparer.Ordinal);
        await TryAsync(folder, async () =>
        {
            Directory.CreateDirectory(folder);
            foreach (var prefix in hot)
            {
                var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"prefix-{written.Count:d4}.kv"));
                tokens += await store.SavePrefixAsync(prefix.Tokens, null, path, cancellationToken);
                written.Add(path);
            }

            // What the last stop left and this one did not replace; kept where nothing was asked twice meanwhile.
            foreach (var path in written.Count == 0 ? [] : Files(folder).Where(path => !written.Contains(path)))
            {
                File.Delete(path);
            }
        });
        logger.LogInformation("{Count} prefixes of {Tokens} tokens written to {Folder}", written.Count, tokens, folder);
    }

    private static string[] Files(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, Pattern).Order(StringComparer.Ordinal)] : [];

    private async Task TryAsync(string path, Func<Task> what)
    {
        try
        {
            await what();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            logger.LogWarning("{Path}: {Reason}", path, exception.Message);
        }
    }
}
