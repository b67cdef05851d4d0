using System.Security.Cryptography;
using System.Text;

namespace O1Coder.Coordinator;

/// <summary>
/// How a value lies in Redis: "O1C", a version byte, the first 16 bytes of SHA-256 over key and payload, the payload.
/// The key is under the checksum, so a value that stands under another key is noticed too.
/// </summary>
internal static class CacheEnvelope
{
    private const byte Version = 1;
    private const int ChecksumBytes = 16;
    private const int HeaderBytes = 4 + ChecksumBytes;

    /// <summary>Wraps a payload.</summary>
    public static byte[] Seal(string key, ReadOnlySpan<byte> payload)
    {
        var sealedValue = new byte[HeaderBytes + payload.Length];
        "O1C"u8.CopyTo(sealedValue);
        sealedValue[3] = Version;
        Checksum(key, payload).CopyTo(sealedValue.AsSpan(4));
        payload.CopyTo(sealedValue.AsSpan(HeaderBytes));
        return sealedValue;
    }

    /// <summary>The payload, or null when the bytes are not a value that was kept under this key.</summary>
    public static byte[]? Open(string key, ReadOnlySpan<byte> sealedValue)
    {
        if (sealedValue.Length < HeaderBytes || !sealedValue.StartsWith("O1C"u8) || sealedValue[3] != Version)
        {
            return null;
        }

        var payload = sealedValue[HeaderBytes..];
        return sealedValue[4..HeaderBytes].SequenceEqual(Checksum(key, payload)) ? payload.ToArray() : null;
    }

    private static ReadOnlySpan<byte> Checksum(string key, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(key));
        hash.AppendData([0]);
        hash.AppendData(payload);
        return hash.GetHashAndReset().AsSpan(0, ChecksumBytes);
    }
}
