using Grpc.Core;
using O1Coder.Inference;
using O1Coder.Models;
using O1Coder.Policy.Remote;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>
/// What the names of adapters stand for. The engine knows versions only; a version leaves it when no name stands for it
/// any more, and its requests that run end with it. Loads and unloads happen one after another, look-ups never wait.
/// </summary>
internal sealed class AdapterRegistry(PolicyTelemetry telemetry, ILogger<AdapterRegistry> logger) : IDisposable
{
    private const int LongestName = 64;
    private const int LongestShown = 80;

    // PATH_MAX. An error that repeats a longer one does not fit into an answer's headers.
    private const int LongestFolder = 4096;

    private readonly SemaphoreSlim _changing = new(1);
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, NamedAdapter> _adapters = new(StringComparer.Ordinal);

    /// <summary>The adapters in the order of their names.</summary>
    public IReadOnlyList<NamedAdapter> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _adapters.Values];
            }
        }
    }

    /// <summary>The adapter of a name; null for the empty name, which stands for none.</summary>
    /// <exception cref="RpcException">NotFound: there is none; the message names those that are.</exception>
    public NamedAdapter? Find(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        lock (_lock)
        {
            return _adapters.GetValueOrDefault(name) ?? throw NotFound("adapter", name);
        }
    }

    /// <summary>Whether a name still stands for this very version.</summary>
    public bool Holds(NamedAdapter adapter)
    {
        lock (_lock)
        {
            return _adapters.GetValueOrDefault(adapter.Name)?.Version == adapter.Version;
        }
    }

    /// <summary>Reads an adapter's folder and lets a name stand for it.</summary>
    /// <param name="name">The name; empty for "a-" and the version.</param>
    /// <param name="folder">A folder in PEFT's format.</param>
    /// <param name="loaded">The model that it is for.</param>
    /// <param name="cancellationToken">Ends the wait for other loads, and the load until the engine has begun with it.</param>
    /// <returns>The adapter, and the version that the name stood for before, empty if for none or the same.</returns>
    /// <exception cref="RpcException">
    /// InvalidArgument: the name or the folder; ResourceExhausted: no room. What was loaded stays.
    /// </exception>
    public async Task<(NamedAdapter Adapter, string Replaced)> LoadAsync(
        string name, string folder, LoadedModel loaded, CancellationToken cancellationToken)
    {
        InvalidArgument.ThrowUnless(name.Length <= LongestName && name.All(IsNameLetter), "name", name,
            $"letters, digits, '.', '-' and '_', 1 to {LongestName} characters, or nothing");
        InvalidArgument.ThrowUnless(folder.Length > 0, "folder", folder, "a folder with adapter_config.json and adapter_model.safetensors");
        InvalidArgument.ThrowUnless(folder.Length <= LongestFolder, "folder", $"{folder.Length} characters", $"at most {LongestFolder} characters");
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var adapter = await Task.Run(() => Read(folder, loaded.Model.Description), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            name = name.Length > 0 ? name : $"a-{adapter.Version}";
            var before = Current(name);
            if (before?.Version == adapter.Version)
            {
                return (before, "");
            }

            var leaving = before is not null && IsLast(before) ? before.Version : null;
            var served = await AddAsync(loaded.Engine, adapter, folder, leaving, cancellationToken);
            var named = new NamedAdapter(
                name, adapter.Version, folder, adapter.Rank, [.. adapter.Targets.Select(target => target.ModuleName())], served.Bytes);
            lock (_lock)
            {
                _adapters[name] = named;
            }

            // Only now: whoever looked the name up before finds its version gone and looks again.
            if (leaving is not null)
            {
                loaded.Engine.RemoveAdapter(leaving);
            }

            telemetry.CountAdapter(added: before is null ? 1 : 0, replaced: before is not null);
            logger.LogInformation("Adapter {Name} is version {Version}, rank {Rank}, {MiB} MiB, from {Folder}; before: {Before}",
                name, named.Version, named.Rank, named.Bytes >> 20, folder, before?.Version ?? "none");
            return (named, before?.Version ?? "");
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Forgets a name.</summary>
    /// <exception cref="RpcException">NotFound.</exception>
    public async Task UnloadAsync(string name, LoadedModel loaded, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var adapter = Current(name) ?? throw NotFound("name", name);
            var leaving = IsLast(adapter);
            lock (_lock)
            {
                _adapters.Remove(name);
            }

            if (leaving)
            {
                loaded.Engine.RemoveAdapter(adapter.Version);
            }

            telemetry.CountAdapter(added: -1, replaced: false);
            logger.LogInformation("Adapter {Name}, version {Version}, is unloaded", name, adapter.Version);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _changing.Dispose();

    private static bool IsNameLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_';

    private static LoraAdapter Read(string folder, ModelDescription model)
    {
        try
        {
            return PeftFolder.Read(folder, model);
        }
        catch (Exception exception) when (exception is ModelFormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Refused(exception);
        }
    }

    private static async Task<LoadedAdapter> AddAsync(
        IInferenceEngine engine, LoraAdapter adapter, string folder, string? leaving, CancellationToken cancellationToken)
    {
        try
        {
            return engine is IFolderAdapters folders
                ? await folders.AddFromFolderAsync(adapter, folder, cancellationToken)
                : await engine.AddAdapterAsync(adapter, leaving, cancellationToken);
        }
        catch (AdapterLimitException exception)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, exception.Message));
        }
        catch (ArgumentException exception)
        {
            throw Refused(exception);
        }
    }

    private static RpcException Refused(Exception exception) =>
        new(new Status(StatusCode.InvalidArgument, $"folder: {exception.Message.ReplaceLineEndings(" ")}"));

    private NamedAdapter? Current(string name)
    {
        lock (_lock)
        {
            return _adapters.GetValueOrDefault(name);
        }
    }

    private bool IsLast(NamedAdapter adapter)
    {
        lock (_lock)
        {
            return _adapters.Values.Count(other => other.Version == adapter.Version) == 1;
        }
    }

    private RpcException NotFound(string field, string name)
    {
        var loaded = All;
        return new RpcException(new Status(StatusCode.NotFound,
            $"{field} is '{name[..Math.Min(name.Length, LongestShown)]}': expected " +
            (loaded.Count == 0 ? "an empty name, as no adapter is loaded" : $"one of {string.Join(", ", loaded.Select(adapter => adapter.Name))}")));
    }
}
