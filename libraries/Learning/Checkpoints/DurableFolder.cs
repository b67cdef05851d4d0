using System.Runtime.InteropServices;

namespace O1Coder.Learning.Checkpoints;

/// <summary>Folders that are there whole or not at all.</summary>
internal static partial class DurableFolder
{
    private const string Unfinished = ".writing-";

    /// <summary>
    /// Fills a folder beside its place, flushes it to the disk, and renames it; a reader, or a power cut, sees all of it or
    /// nothing.
    /// </summary>
    /// <param name="path">The folder; nothing is there, or an empty folder.</param>
    /// <param name="fill">Writes its files, each flushed.</param>
    /// <exception cref="IOException">The disk is full or cannot be written; nothing is left behind.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written there.</exception>
    public static void Write(string path, Action<string> fill)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(parent);
        var temporary = $"{path}{Unfinished}{Guid.NewGuid():n}";
        try
        {
            Directory.CreateDirectory(temporary);
            fill(temporary);
            Flush(temporary);
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }

            Directory.Move(temporary, path);
            Flush(parent);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a file of a folder that is being filled, flushed to the disk.</summary>
    public static void WriteFile(string path, ReadOnlySpan<byte> content)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Deletes what a killed process has left half written under a folder's name.</summary>
    public static void DeleteUnfinished(string path)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(parent))
        {
            foreach (var folder in Directory.GetDirectories(parent, $"{Path.GetFileName(path)}{Unfinished}*"))
            {
                Delete(folder);
            }
        }
    }

    /// <summary>Deletes a folder if it is there; what cannot be deleted stays.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Old or unfinished files do no harm; the reason for which they are to go may not hide another failure.
        }
    }

    // A renamed folder is safe against a power cut once the folder that names it is on the disk.
    private static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return;
        }

        var descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            return;
        }

        var result = FSync(descriptor);
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"cannot flush {folder} to the disk: error {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
