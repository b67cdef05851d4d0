namespace O1Coder.Coordinator;

/// <summary>This process first, Redis behind it.</summary>
/// <param name="near">Values in this process.</param>
/// <param name="far">Values in Redis.</param>
internal sealed class TieredCache(ISearchCache near, ISearchCache far) : ISearchCache
{
    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        if (await near.GetAsync(key, cancellationToken) is { } kept)
        {
            return kept;
        }

        var value = await far.GetAsync(key, cancellationToken);
        if (value is not null)
        {
            await near.SetAsync(key, value, cancellationToken);
        }

        return value;
    }

    public async ValueTask SetAsync(string key, byte[] value, CancellationToken cancellationToken)
    {
        await near.SetAsync(key, value, cancellationToken);
        await far.SetAsync(key, value, cancellationToken);
    }
}
