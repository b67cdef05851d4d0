using System.Globalization;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Keeps two coordinators off one run: the file "lock", held open with an exclusive lock of the operating system, which
/// ends with its process, so that none is ever stale. The owner's process id stands beside it, in "lock.pid", for people:
/// .NET does not open a file that another process has locked.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes a run.</summary>
    /// <exception cref="RpcException">FailedPrecondition: another process, or another call of this one, has it.</exception>
    public static RunLock Take(string folder, string run)
    {
        var path = Path.Combine(folder, "lock");
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition, $"run {run} is in progress in process {OwnerOf(folder)}: wait for it, stop it, or name another run"));
        }

        SearchFolder.WriteWhole(OwnerFile(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        return new RunLock(file);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string OwnerFile(string folder) => Path.Combine(folder, "lock.pid");

    private static string OwnerOf(string folder) => File.Exists(OwnerFile(folder)) ? File.ReadAllText(OwnerFile(folder)).Trim() : "unknown";
}
