using System.Buffers;
using System.IO.Compression;

namespace O1Coder.Hosting.Dashboard.Telemetry.Otlp;

/// <summary>
/// Reads a request's body, unpacked, and no more of it than is allowed. The server's own limit is higher and stays: at that it
/// breaks the connection off, while below it the sender of a body that is too large gets to read the answer.
/// </summary>
internal static class OtlpBody
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>The body; null where it is larger than <see cref="OtlpOptions.MaxPayloadBytes"/>.</summary>
    /// <exception cref="InvalidDataException">It says that it is gzip, and is not.</exception>
    /// <exception cref="BadHttpRequestException">It breaks off, or is larger than the server's limit.</exception>
    public static async Task<ReadOnlySequence<byte>?> ReadAsync(HttpContext context, bool isGzip)
    {
        if (context.Request.ContentLength > OtlpOptions.MaxPayloadBytes)
        {
            return null;
        }

        var cancellationToken = context.RequestAborted;
        var body = context.Request.Body;
        await using var unpacked = isGzip ? new GZipStream(body, CompressionMode.Decompress, leaveOpen: true) : null;
        var source = unpacked ?? body;
        var buffer = new ArrayBufferWriter<byte>(BlockBytes);
        while (true)
        {
            var read = await source.ReadAsync(buffer.GetMemory(BlockBytes), cancellationToken);
            if (read == 0)
            {
                return new ReadOnlySequence<byte>(buffer.WrittenMemory);
            }

            buffer.Advance(read);
            if (buffer.WrittenCount > OtlpOptions.MaxPayloadBytes)
            {
                return null;
            }
        }
    }
}
