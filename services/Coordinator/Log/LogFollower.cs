using System.Runtime.CompilerServices;
using System.Text;
using Grpc.Core;

namespace O1Coder.Coordinator;

/// <summary>Tells a log's events from the beginning and then as they come, whoever writes them.</summary>
internal static class LogFollower
{
    /// <summary>The events, each once, up to `finished`.</summary>
    /// <param name="folder">The search.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">
    /// The search was cancelled or failed; FailedPrecondition: the log is damaged or of a newer build.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async IAsyncEnumerable<V1.SolveResponse> FollowAsync(
        SearchFolder folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reading = new LogReading(folder.LogPath);
        var at = 0L;
        var told = 0;
        try
        {
            while (true)
            {
                var next = LogSignals.NextAsync(folder.LogPath);
                var bytes = ReadFrom(folder.LogPath, at);
                var start = 0;
                for (int length; (length = bytes.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += length + 1)
                {
                    if (!Take(reading, Encoding.UTF8.GetString(bytes, start, length)))
                    {
                        // The last line may be torn and about to be cut off.
                        if (start + length + 1 < bytes.Length)
                        {
                            throw Refused(reading.Damage());
                        }

                        break;
                    }

                    // A writer that was thought dead may have told some before: they come again as they were.
                    for (; told < reading.Events.Count; told++)
                    {
                        yield return reading.Events[told];
                        if (reading.Events[told].Finished is not null)
                        {
                            yield break;
                        }
                    }
                }

                at += start;
                if (reading.End is { } end)
                {
                    throw new RpcException(new Status(end.Status, end == LogEnd.Cancelled ? $"search {folder.SearchId} was cancelled" : end.Message));
                }

                await LogSignals.WaitAsync(next, cancellationToken);
            }
        }
        finally
        {
            // Nothing is left waiting for a log that may never grow; who else waits looks again.
            LogSignals.Tell(folder.LogPath);
        }
    }

    private static bool Take(LogReading reading, string line)
    {
        try
        {
            return reading.Take(line);
        }
        catch (InvalidDataException error)
        {
            throw Refused(error);
        }
    }

    private static RpcException Refused(InvalidDataException error) => new(new Status(StatusCode.FailedPrecondition, error.Message));

    private static byte[] ReadFrom(string path, long at)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        if (file.Length <= at)
        {
            return [];
        }

        file.Seek(at, SeekOrigin.Begin);
        var bytes = new byte[file.Length - at];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
