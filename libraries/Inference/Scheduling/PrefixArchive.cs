using O1Coder.Inference.Backends;
using O1Coder.Inference.Caching;

namespace O1Coder.Inference.Scheduling;

/// <summary>Carries prefixes between cache and files: copies on the engine's thread, reads and writes beside it.</summary>
/// <param name="scheduler">Whose cache it is.</param>
/// <param name="backend">Holds keys and values.</param>
/// <param name="modelHash">What tells the weights from others; asked when it is needed.</param>
internal sealed class PrefixArchive(Scheduler scheduler, IBackend backend, Func<string>? modelHash)
{
    // Whoever changes what is computed changes the assembly: kernels that round otherwise are another engine.
    private readonly string _engine =
        $"{backend.Name}, {backend.Precision}, {(backend as IKvTransfer)?.KvForm}, build {typeof(PrefixArchive).Module.ModuleVersionId:n}";

    /// <summary>As <see cref="IPrefixStore.HotPrefixesAsync"/>, with adapters as the back end holds them.</summary>
    public Task<IReadOnlyList<(int[] Tokens, BackendAdapter? Adapter)>> HottestAsync(long bytes, CancellationToken cancellationToken) =>
        scheduler.AskAsync(cache => cache.Hottest(bytes)).WaitAsync(cancellationToken);

    /// <summary>As <see cref="IPrefixStore.SavePrefixAsync"/>.</summary>
    /// <param name="tokens">The prompt.</param>
    /// <param name="adapter">The adapter's version, or null.</param>
    /// <param name="path">The file.</param>
    /// <param name="adapterOf">Finds the adapter of a version; whatever it throws is thrown.</param>
    /// <param name="cancellationToken">Ends it before the file is written.</param>
    public async Task<int> SaveAsync(
        ReadOnlyMemory<int> tokens, string? adapter, string path, Func<string, ServedAdapter> adapterOf, CancellationToken cancellationToken)
    {
        var transfer = Transfer();
        var model = Model();
        var (length, values) = await scheduler
            .AskAsync(cache => CopyOut(cache, transfer, tokens.Span, adapter is null ? null : adapterOf(adapter).Prepared))
            .WaitAsync(cancellationToken);
        if (length > 0)
        {
            var file = new PrefixFile(model, _engine, adapter ?? "", tokens[..length].ToArray(), values);
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Run(() => file.Write(path), CancellationToken.None);
        }

        return length;
    }

    /// <summary>As <see cref="IPrefixStore.LoadPrefixAsync"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="adapterOf">Finds the adapter of a version; whatever it throws is thrown.</param>
    /// <param name="cancellationToken">Ends it before anything changes.</param>
    public async Task<int> LoadAsync(string path, Func<string, ServedAdapter> adapterOf, CancellationToken cancellationToken)
    {
        var transfer = Transfer();
        var model = Model();
        var file = await Task.Run(() => PrefixFile.Read(path, model, _engine), cancellationToken);
        if (file.Tokens.Length < 1 || file.Tokens.Length > backend.ContextLength)
        {
            throw new InvalidDataException(
                $"{Path.GetFileName(path)} has {file.Tokens.Length} tokens: expected 1 to {backend.ContextLength}, the context");
        }

        if (file.Values.Length != transfer.TransferBytes(file.Tokens.Length))
        {
            throw new InvalidDataException(
                $"{Path.GetFileName(path)} has {file.Values.Length} bytes of keys and values: expected {transfer.TransferBytes(file.Tokens.Length)}");
        }

        // On the engine's thread nothing retires the adapter while it is looked for and used.
        return await scheduler.AskAsync(cache =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return CopyIn(cache, transfer, file, file.Adapter.Length == 0 ? null : adapterOf(file.Adapter).Prepared);
        });
    }

    private (int Length, byte[] Values) CopyOut(PrefixCache cache, IKvTransfer transfer, ReadOnlySpan<int> tokens, BackendAdapter? adapter)
    {
        var sequence = backend.Open(adapter);
        try
        {
            var length = cache.Load(tokens, tokens.Length, sequence);
            var values = new byte[transfer.TransferBytes(length)];
            transfer.CopyOut(sequence, values);
            return (length, values);
        }
        finally
        {
            backend.Close(sequence);
        }
    }

    private int CopyIn(PrefixCache cache, IKvTransfer transfer, PrefixFile file, BackendAdapter? adapter)
    {
        var sequence = backend.Open(adapter);
        try
        {
            transfer.CopyIn(sequence, file.Tokens.Length, file.Values);
            return cache.Add(file.Tokens, sequence);
        }
        finally
        {
            backend.Close(sequence);
        }
    }

    private IKvTransfer Transfer() =>
        backend as IKvTransfer ?? throw new NotSupportedException($"{backend.Name} cannot save keys and values: expected the cpu back end");

    private string Model() => modelHash?.Invoke() is { Length: > 0 } hash
        ? hash
        : throw new NotSupportedException("the model has no hash by which a saved prefix could be told from another's");
}
