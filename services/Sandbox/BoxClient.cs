using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace O1Coder.Sandbox;

/// <summary>
/// One connection to the launcher is one box. Closing it, for which cancelling is enough, ends the box: its supervisor
/// sees the end of the connection and kills the job.
/// </summary>
internal static class BoxClient
{
    /// <summary>Runs one box and returns what its supervisor saw.</summary>
    /// <param name="socket">A connection to the launcher; closed at the end.</param>
    /// <param name="request">The run.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="IOException">The launcher or the supervisor went away.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the job is dead.</exception>
    public static async Task<BoxFacts> RunAsync(Socket socket, BoxRequest request, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encode(request), cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(stream, 4, cancellationToken));
        var facts = JsonSerializer.Deserialize<BoxFacts>(await ReadAsync(stream, length, cancellationToken), LauncherJson.Options)!;
        return facts with
        {
            Output = await ReadAsync(stream, facts.OutputLength, cancellationToken),
            ErrorOutput = await ReadAsync(stream, facts.ErrorLength, cancellationToken),
            Channel = await ReadAsync(stream, facts.ChannelLength, cancellationToken),
        };
    }

    private static byte[] Encode(BoxRequest request)
    {
        var (program, test) = (Encoding.UTF8.GetBytes(request.Program), Encoding.UTF8.GetBytes(request.Test));
        var mode = request.Mode == BoxMode.Judge ? "function" : request.Mode.ToString().ToLowerInvariant();
        var header = JsonSerializer.SerializeToUtf8Bytes(new
        {
            mode = request.Trace ? $"{mode}-trace" : mode,
            limits = request.Limits,
            program = program.Length,
            stdin = request.Input.Length,
            test = test.Length,
            files = request.Files.Select(file => new object[] { file.Key, file.Value.Length }),
        }, LauncherJson.Options);
        var prefix = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, header.Length);
        return [.. prefix, .. header, .. program, .. request.Input.Span, .. test, .. request.Files.Values.SelectMany(file => file.ToArray())];
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
