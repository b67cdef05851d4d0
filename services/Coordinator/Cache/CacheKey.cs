using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;

namespace O1Coder.Coordinator;

/// <summary>
/// Keys made from what produced a value: kind, version of this scheme, and the SHA-256 of every message that had a
/// part in it, each preceded by its length. Equal causes give equal keys, in this process and in another.
/// </summary>
internal static class CacheKey
{
    /// <summary>Raised when the meaning of a key or the form of a value changes.</summary>
    public const int SchemaVersion = 2;

    /// <summary>A key like <c>o1coder:v1:generation:5f3c…</c>.</summary>
    /// <param name="kind">What is kept.</param>
    /// <param name="causes">
    /// The messages; none has a map field, so that their bytes are a function of their content.
    /// </param>
    public static string Of(string kind, params ReadOnlySpan<IMessage> causes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var cause in causes)
        {
            var bytes = cause.ToByteArray();
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return $"o1coder:v{SchemaVersion}:{kind}:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
