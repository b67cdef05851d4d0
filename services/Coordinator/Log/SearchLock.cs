using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Keeps two writers off one search: the file "lock" in its folder, held open with an exclusive lock of the operating
/// system, which ends with its process, so that none is ever stale.
/// </summary>
internal sealed class SearchLock : IDisposable
{
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
    /// <exception cref="RpcException">FailedPrecondition: another has it.</exception>
    public static SearchLock Take(SearchFolder folder) => TryTake(folder) ?? throw new RpcException(new Status(
        StatusCode.FailedPrecondition, $"search {folder.SearchId} is in progress: follow it with WatchSearch, or wait until it has ended"));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
