using System.Collections.Concurrent;
using O1Coder.Inference;
using O1Coder.Models;
using O1Coder.Policy.OpenAi;

namespace O1Coder.Policy.Remote;

/// <summary>
/// Adapters that a server serves. One is known there by its version, which says which files it is; a name could stand for
/// others. A server that loads adapters at run time is told to load one that it does not serve yet.
/// </summary>
internal sealed class RemoteAdapters(RemoteServer server, ServerAbilities abilities, ILogger logger)
{
    private readonly ConcurrentDictionary<string, Served> _served = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _unloading = [];

    /// <summary>The adapters, in the order of their versions.</summary>
    public IReadOnlyList<LoadedAdapter> All =>
        [.. _served.Values.Select(served => served.Adapter).OrderBy(adapter => adapter.Version, StringComparer.Ordinal)];

    /// <summary>The name that a request for a version has to carry; null stands for the model itself.</summary>
    /// <exception cref="AdapterNotLoadedException">The version is not served.</exception>
    public string NameOf(string? version) =>
        version is null ? abilities.Model
        : !_served.TryGetValue(version, out var served) ? throw new AdapterNotLoadedException(version)
        : abilities.Kind == ServerKind.Sglang ? $"{abilities.Model}:{served.Name}"
        : served.Name;

    /// <summary>Finds an adapter on the server, or has it loaded there.</summary>
    /// <param name="adapter">The adapter; it has a version.</param>
    /// <param name="folder">Its folder, which a server on this machine can read too; null where it is not known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Grpc.Core.RpcException">FailedPrecondition: the server does not serve it; the message says why.</exception>
    public async Task<LoadedAdapter> AddAsync(LoraAdapter adapter, string? folder, CancellationToken cancellationToken)
    {
        if (_served.TryGetValue(adapter.Version, out var served))
        {
            return served.Adapter;
        }

        var card = (await server.ListModelsAsync(cancellationToken))
            .FirstOrDefault(card => card.Id == adapter.Version || card.Version == adapter.Version);
        if (card is null)
        {
            await LoadAsync(adapter.Version, folder, cancellationToken);
        }

        // The memory is the server's: none of it is here.
        return _served.GetOrAdd(adapter.Version, version => new Served(
            new LoadedAdapter(version, adapter.Rank, 0), card?.Id ?? version, LoadedHere: card is null)).Adapter;
    }

    /// <summary>Forgets a version, here at once and on the server, if it was loaded there for this, in the background.</summary>
    public bool Remove(string version)
    {
        if (!_served.TryRemove(version, out var served))
        {
            return false;
        }

        if (served.LoadedHere)
        {
            var unloading = UnloadAsync(served.Name);
            _unloading[unloading] = true;
            _ = unloading.ContinueWith(done => _unloading.TryRemove(done, out _), TaskScheduler.Default);
        }

        return true;
    }

    /// <summary>Waits until the server was told of all that was removed.</summary>
    public Task DrainAsync() => Task.WhenAll(_unloading.Keys);

    private async Task LoadAsync(string version, string? folder, CancellationToken cancellationToken)
    {
        const string Why = "does not serve adapter version";
        if (PathTo("load") is not { } path || folder is null)
        {
            throw server.NotServed($"{Why} {version}, and cannot be told to: expected one of that name in its list of models");
        }

        if (await server.ChangeAdapterAsync(path, new LoadAdapterRequest(version, Path.GetFullPath(folder)), cancellationToken) is { } refused)
        {
            throw server.NotServed($"{Why} {version}, and refuses to load it from {Path.GetFullPath(folder)}: {refused}");
        }
    }

    private async Task UnloadAsync(string name)
    {
        try
        {
            if (await server.ChangeAdapterAsync(PathTo("unload")!, new LoadAdapterRequest(name), CancellationToken.None) is { } refused)
            {
                logger.LogWarning("{Host} keeps adapter {Name}: {Reason}", server.Host, name, refused);
            }
        }
        catch (Grpc.Core.RpcException exception)
        {
            logger.LogWarning("{Host} keeps adapter {Name}: {Reason}", server.Host, name, exception.Status.Detail);
        }
    }

    // Relative to …/v1/.
    private string? PathTo(string verb) => abilities.Kind switch
    {
        ServerKind.Vllm => $"{verb}_lora_adapter",
        ServerKind.Sglang => $"../{verb}_lora_adapter",
        _ => null,
    };

    private sealed record Served(LoadedAdapter Adapter, string Name, bool LoadedHere);
}
