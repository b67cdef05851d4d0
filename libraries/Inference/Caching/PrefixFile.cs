using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace O1Coder.Inference.Caching;

/// <summary>
/// A prompt's keys and values in a file: magic and format, then as strings what they depend on, then tokens, keys and values,
/// and a SHA-256 hash of all that. Numbers are little-endian; a string is its length in bytes and UTF-8.
/// </summary>
/// <param name="Model">What tells the weights from others.</param>
/// <param name="Engine">Code, back end, precision and form of keys and values.</param>
/// <param name="Adapter">The adapter's version, or empty.</param>
/// <param name="Tokens">The prompt.</param>
/// <param name="Values">Keys and values as the back end transfers them.</param>
internal sealed record PrefixFile(string Model, string Engine, string Adapter, int[] Tokens, byte[] Values)
{
    private const int Format = 1;
    private const int LongestString = 4096;

    private static ReadOnlySpan<byte> Magic => "O1PREFIX"u8;

    /// <summary>Writes the file whole or not at all: a file of that name is replaced once the new one is on the disk.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(string path)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                Put(Header());
                Put(Values);
                file.Write(hash.GetHashAndReset());
                file.Flush(flushToDisk: true);

                void Put(ReadOnlySpan<byte> bytes)
                {
                    hash.AppendData(bytes);
                    file.Write(bytes);
                }
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Reads a file and checks that it is whole and is of a model and an engine.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">As <see cref="Model"/>.</param>
    /// <param name="engine">As <see cref="Engine"/>.</param>
    /// <exception cref="InvalidDataException">It is not; one line says what it is and what was expected.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static PrefixFile Read(string path, string model, string engine)
    {
        var bytes = File.ReadAllBytes(path);
        var name = Path.GetFileName(path);
        if (!bytes.AsSpan().StartsWith(Magic))
        {
            throw new InvalidDataException($"{name} is no saved prefix: expected {Encoding.ASCII.GetString(Magic)} at its beginning");
        }

        var content = bytes.AsSpan(0, Math.Max(0, bytes.Length - SHA256.HashSizeInBytes));
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(content.Length)))
        {
            throw new InvalidDataException($"{name} is damaged: its {bytes.Length} bytes do not have the SHA-256 hash that it ends with");
        }

        var reader = new PrefixFileReader(content[Magic.Length..], name);
        if (reader.Number() is var format and not Format)
        {
            throw new InvalidDataException($"{name} has format {format}: expected {Format}");
        }

        Same("model", reader.Text(LongestString), model);
        Same("engine", reader.Text(LongestString), engine);
        return new PrefixFile(model, engine, reader.Text(LongestString), reader.Numbers(), reader.Rest());

        void Same(string what, string its, string expected)
        {
            if (its != expected)
            {
                throw new InvalidDataException($"{name} is of {what} {its}: expected {expected}");
            }
        }
    }

    private byte[] Header()
    {
        var header = new MemoryStream();
        header.Write(Magic);
        Number(Format);
        Text(Model);
        Text(Engine);
        Text(Adapter);
        Number(Tokens.Length);
        foreach (var token in Tokens)
        {
            Number(token);
        }

        return header.ToArray();

        void Number(int value)
        {
            Span<byte> four = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(four, value);
            header.Write(four);
        }

        void Text(string value)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            Number(bytes.Length);
            header.Write(bytes);
        }
    }
}
