using System.Security.Cryptography;

namespace O1Coder.Models;

/// <summary>Writes a file so that a reader sees the old one or the new one, and a power cut leaves one of them.</summary>
internal static class AtomicFile
{
    /// <summary>Writes to a temporary file in the same folder, flushes it to the disk, and renames it.</summary>
    /// <returns>SHA-256 of what was written.</returns>
    /// <exception cref="IOException">The disk is full or cannot be written; nothing is left behind.</exception>
    public static byte[] Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            byte[] hash;
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            using (var sha = SHA256.Create())
            {
                using (var hashing = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
                {
                    write(hashing);
                }

                hash = sha.Hash!;
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            return hash;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
