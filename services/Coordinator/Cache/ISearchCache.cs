namespace O1Coder.Coordinator;

/// <summary>
/// Keeps what is expensive to make again. A cache: any value may be gone at any time, a wrong one is never returned,
/// and no failure of it reaches a search.
/// </summary>
internal interface ISearchCache
{
    /// <summary>The value under a key, or null.</summary>
    /// <param name="key">See <see cref="CacheKey"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keeps a value; returns within the cache's deadline whether that worked or not.</summary>
    ValueTask SetAsync(string key, byte[] value, CancellationToken cancellationToken);
}
