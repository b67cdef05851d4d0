using System.Security.Cryptography;

namespace O1Coder.Coordinator;

/// <summary>A file of a run and what was in it.</summary>
/// <param name="Path">Its path in the run's folder, with '/'.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal; empty where there is no such file.</param>
internal sealed record FileHash(string Path, string Sha256)
{
    /// <summary>The file as it is now.</summary>
    public static FileHash Of(string folder, string path)
    {
        try
        {
            using var file = File.OpenRead(System.IO.Path.Combine(folder, path));
            return new FileHash(path, Convert.ToHexStringLower(SHA256.HashData(file)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new FileHash(path, "");
        }
    }
}
