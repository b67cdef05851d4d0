using System.IO.Compression;

namespace O1Coder.Hosting.Dashboard.Telemetry.Persistence;

/// <summary>A request as it lies in the file: its bytes in protobuf, packed.</summary>
internal static class PackedBatch
{
    // What is read was written by ourselves, but files can be damaged.
    private const int MostUnpacked = 64 << 20;

    /// <summary>Packs.</summary>
    public static byte[] Pack(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            brotli.Write(message);
        }

        return packed.ToArray();
    }

    /// <summary>Unpacks.</summary>
    /// <exception cref="InvalidDataException">These are no packed bytes.</exception>
    public static byte[] Unpack(Stream packed)
    {
        using var message = new MemoryStream();
        using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        var block = new byte[64 * 1024];
        try
        {
            for (int read; (read = brotli.Read(block)) > 0;)
            {
                message.Write(block, 0, read);
                if (message.Length > MostUnpacked)
                {
                    throw new InvalidDataException($"it unpacks to more than {MostUnpacked} bytes");
                }
            }
        }
        catch (InvalidOperationException exception)
        {
            // What Brotli throws for bytes that are none of its own.
            throw new InvalidDataException(exception.Message, exception);
        }

        return message.ToArray();
    }
}
