using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace O1Coder.Learning.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native library, so that TorchSharp finds them loaded. They are loaded from the package
/// folders, whose places the build has written down, and not copied: 500 MB for every output folder. Call
/// <see cref="Load"/> before the first use of TorchSharp.
/// </summary>
public static partial class NativeTorch
{
    /// <summary>
    /// The variable that names a folder with libtorch's libraries (and perhaps libLibTorchSharp.so), for a machine that
    /// has no package folder.
    /// </summary>
    public const string FolderVariable = "O1CODER_LIBTORCH";

    private const string LibTorch = "libtorch.so";
    private const string LibTorchSharp = "libLibTorchSharp.so";

    private static readonly Lock s_lock = new();
    private static bool s_loaded;

    /// <summary>Whether the libraries are in memory.</summary>
    public static bool IsLoaded => Volatile.Read(ref s_loaded);

    /// <summary>Loads the libraries, once; safe for concurrent callers. After a failure the next call tries again.</summary>
    /// <exception cref="NativeTorchException">A library is missing or cannot be loaded; the message says which and what to do.</exception>
    public static void Load()
    {
        lock (s_lock)
        {
            if (!s_loaded)
            {
                RequirePlatform();

                // Once libtorch is in memory, TorchSharp's library finds it by its name, wherever it lies itself.
                LoadFile(Find(LibTorch, Candidates("LibTorchNative")));
                LoadFile(Loadable(Find(LibTorchSharp, Candidates("TorchSharpNative")), CacheFolder(), HasNewIostreams()));
                Volatile.Write(ref s_loaded, true);
            }
        }
    }

    /// <summary>Gives memory that is no longer used back to the system: of collected tensors and of the C library's heap.</summary>
    public static void ReleaseMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        try
        {
            _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Only glibc has it.
        }
    }

    /// <summary>The path of a library that this machine's libstdc++ can load: the file itself, or a patched copy.</summary>
    /// <param name="library">TorchSharp's own native library; it is not touched.</param>
    /// <param name="cache">Where the copy is kept, in a folder named by the hash of what it was made from.</param>
    /// <param name="newIostreams">Whether libstdc++ has the symbol that GCC 13 brought.</param>
    /// <exception cref="NativeTorchException">The copy cannot be made.</exception>
    internal static string Loadable(string library, string cache, bool newIostreams)
    {
        if (newIostreams)
        {
            return library;
        }

        try
        {
            var original = File.ReadAllBytes(library);
            if (LibraryPatch.Apply(original) is not { } copy)
            {
                return library;
            }

            var folder = Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(original))[..16]);
            var path = Path.Combine(folder, LibTorchSharp);
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(copy))
            {
                Directory.CreateDirectory(folder);
                WriteWhole(path, copy);
            }

            return path;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new NativeTorchException(
                $"this system's libstdc++ is older than GCC 13's, and no copy of {library} for it can be made in {cache}: {exception.Message}",
                exception);
        }
    }

    /// <summary>The first folder of several that has a file.</summary>
    /// <exception cref="NativeTorchException">None has it.</exception>
    internal static string Find(string name, IReadOnlyList<string> folders) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? throw new NativeTorchException(
            $"{name} is in none of {string.Join(", ", folders)}: build again where packages can be restored, or set {FolderVariable} to a folder that has it");

    private static void RequirePlatform()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new NativeTorchException(
                $"training runs on Linux x64, this is {RuntimeInformation.RuntimeIdentifier}: no native library is referenced for it");
        }
    }

    /// <summary>A folder that somebody named; a wrong one is told rather than passed over.</summary>
    /// <exception cref="NativeTorchException">It is not there.</exception>
    internal static string? RequireFolder(string? named) => string.IsNullOrEmpty(named) || Directory.Exists(named)
        ? named
        : throw new NativeTorchException($"{FolderVariable} is '{named}': expected a folder with libtorch's libraries");

    private static List<string> Candidates(string metadata)
    {
        var named = RequireFolder(Environment.GetEnvironmentVariable(FolderVariable));
        var built = typeof(NativeTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == metadata)?.Value;
        var output = AppContext.BaseDirectory;
        var folders = new[] { named, built, output, Path.Combine(output, "runtimes", "linux-x64", "native") };
        return [.. folders.OfType<string>().Where(folder => folder.Length > 0)];
    }

    private static bool HasNewIostreams() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var handle) && NativeLibrary.TryGetExport(handle, LibraryPatch.Symbol, out _);

    private static void LoadFile(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeTorchException($"{path} cannot be loaded: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static string CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(
            Path.IsPathRooted(cache) ? cache : home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath(), "o1coder", "native");
    }

    /// <summary>Another process that starts at the same time writes the same bytes: whoever renames last does no harm.</summary>
    private static void WriteWhole(string path, byte[] content)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint keep);
}
