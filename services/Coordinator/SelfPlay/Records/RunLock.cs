using System.Globalization;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>
/// Keeps two coordinators off one run: the file "lock", held open with an exclusive lock of the operating system, which
/// ends with its process, so that none is ever stale. It holds the owner's process id for people.
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
                StatusCode.FailedPrecondition, $"run {run} is in progress in process {OwnerOf(path)}: wait for it, stop it, or name another run"));
        }

        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        file.Flush();
        return new RunLock(file);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string OwnerOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Trim();
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}
