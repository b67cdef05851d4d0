namespace O1Coder.Inference;

/// <summary>An engine whose prefixes can be kept in files while it does not run. Safe for concurrent callers.</summary>
public interface IPrefixStore
{
    /// <summary>
    /// The paths with which prompts began most often, more than once, as many as take at most so many bytes; those that
    /// were used most often come first.
    /// </summary>
    /// <param name="maxBytes">Bytes of keys and values, at least 0.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The bound is negative.</exception>
    Task<IReadOnlyList<HotPrefix>> HotPrefixesAsync(long maxBytes, CancellationToken cancellationToken);

    /// <summary>Writes what the prefix cache has of a prompt to a file, which is replaced whole if there is one.</summary>
    /// <param name="tokens">The prompt, at least one token.</param>
    /// <param name="adapter">The version of the adapter that computed it, or null.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends it before the file is written.</param>
    /// <returns>Tokens that the file has; where the cache has none, there is no file.</returns>
    /// <exception cref="ArgumentException">As <see cref="IInferenceEngine.GenerateAsync"/>.</exception>
    /// <exception cref="AdapterNotLoadedException">The adapter is not served.</exception>
    /// <exception cref="NotSupportedException">The back end keeps nothing that could be saved.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    Task<int> SavePrefixAsync(ReadOnlyMemory<int> tokens, string? adapter, string path, CancellationToken cancellationToken);

    /// <summary>Puts a saved prefix into the prefix cache, as far as there is room.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends it before anything changes.</param>
    /// <returns>Tokens of it that the cache has now.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, or of another model, adapter, back end, precision or version of this engine; one line says which.
    /// Nothing has changed.
    /// </exception>
    /// <exception cref="AdapterNotLoadedException">The adapter that computed it is not served.</exception>
    /// <exception cref="NotSupportedException">The back end keeps nothing that could have been saved.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    Task<int> LoadPrefixAsync(string path, CancellationToken cancellationToken);
}
