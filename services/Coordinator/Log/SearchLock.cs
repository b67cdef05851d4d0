using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Keeps two writers off one search: the file "lock" in its folder, held open with an exclusive lock of the operating
/// system, which ends with its process, so that none is ever stale.
/// </summary>
internal sealed class SearchLock : IDisposable
{
    private const int Looks = 10;
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private SearchLock(FileStream file) => _file = file;

    /// <summary>Takes a search; null when another process, or another call of this one, has it.</summary>
    public static SearchLock? TryTake(SearchFolder folder)
    {
        var path = Path.Combine(folder.Path, "lock");
        try
        {
            return new SearchLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Takes a search.</summary>
    /// <param name="folder">The search.</param>
    /// <param name="clock">Measures the patience.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RpcException">FailedPrecondition: another has it.</exception>
    public static async Task<SearchLock> TakeAsync(SearchFolder folder, TimeProvider clock, CancellationToken cancellationToken)
    {
        // A coordinator that looks whether the search was broken off holds it for a moment.
        for (var look = 0; look < Looks; look++)
        {
            if (TryTake(folder) is { } held)
            {
                return held;
            }

            await Task.Delay(s_betweenLooks, clock, cancellationToken);
        }

        throw new RpcException(new Status(
            StatusCode.FailedPrecondition, $"search {folder.SearchId} is in progress: follow it with WatchSearch, or wait until it has ended"));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
