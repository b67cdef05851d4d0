using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace O1Coder.Sandbox.Languages;

/// <summary>
/// Asks the toolchains of this machine, which are trusted, and remembers what they said as long as their files stay the
/// same.
/// </summary>
internal sealed class ToolchainProbe
{
    private const int MostHead = 1 << 16;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _answers = new();
    private static readonly string[] s_usualFolders = ["/usr/bin", "/usr/local/bin", "/usr/local/go/bin", "/usr/share/dotnet", "/usr/lib/dotnet"];

    /// <summary>The first executable of that name on PATH, in the usual folders or in <paramref name="added"/>; null when there is none.</summary>
    public static string? Which(string name, params IEnumerable<string> added)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Concat(s_usualFolders).Concat(added).Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsExecutable);
    }

    /// <summary>Runs a program of a toolchain and returns its standard output, trimmed.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its fixed arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it does not start, fails, or takes more than 30 s.</returns>
    public async Task<string?> AskAsync(string path, string[] arguments, CancellationToken cancellationToken)
    {
        var key = $"{path}\n{RealPath.Of(path)} {File.GetLastWriteTimeUtc(path).Ticks}\n{string.Join('\n', arguments)}";
        // For all who will ask, not for this caller alone; the time limit ends it.
        var answer = _answers.GetOrAdd(key, _ => new Lazy<Task<string?>>(() => RunAsync(path, arguments)));
        var said = await answer.Value.WaitAsync(cancellationToken);
        if (said is null)
        {
            _answers.TryRemove(KeyValuePair.Create(key, answer)); // it may do better next time
        }

        return said;
    }

    /// <summary>The loader of dynamic programs and the shared objects that it would open for the files, by the names it uses.</summary>
    /// <param name="program">A dynamic program: it names the loader.</param>
    /// <param name="others">Further programs and libraries.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyCollection<string>> SharedObjectsAsync(string program, IEnumerable<string> others, CancellationToken cancellationToken)
    {
        if (LoaderOf(program) is not { } loader)
        {
            return [];
        }

        var found = new SortedSet<string>(StringComparer.Ordinal) { loader };
        foreach (var file in others.Prepend(program))
        {
            var listed = await AskAsync(loader, ["--list", file], cancellationToken) ?? "";
            foreach (var words in listed.Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            {
                var arrow = Array.IndexOf(words, "=>");
                if (words.Length > arrow + 1 && words[arrow + 1].StartsWith('/') && File.Exists(words[arrow + 1]))
                {
                    found.Add(Path.GetFullPath(words[arrow + 1]));
                }
            }
        }

        return found;
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static async Task<string?> RunAsync(string path, string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(path, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                // Not a folder that holds something: a toolchain takes a file of the working folder for its own.
                WorkingDirectory = "/",
            };
            start.Environment["LC_ALL"] = "C.UTF-8";
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(s_limit);
            try
            {
                var errors = process.StandardError.ReadToEndAsync(limit.Token);
                var said = await process.StandardOutput.ReadToEndAsync(limit.Token);
                await errors;
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0 ? said.Trim() : null;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
        }
        catch (Win32Exception)
        {
            return null; // it cannot be started: as good as absent
        }
    }

    /// <summary>The program interpreter (PT_INTERP of elf(5)) of a 64-bit ELF file, or null.</summary>
    private static string? LoaderOf(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[(int)Math.Min(file.Length, MostHead)];
        file.ReadExactly(head);
        if (head.Length < 64 || !head.AsSpan().StartsWith("\u007fELF\u0002"u8))
        {
            return null;
        }

        var (table, size, count) = ((long)BitConverter.ToUInt64(head, 32), BitConverter.ToUInt16(head, 54), BitConverter.ToUInt16(head, 56));
        for (var entry = 0; entry < count; entry++)
        {
            var at = table + (entry * size);
            if (at < 0 || at + 56 > head.Length)
            {
                return null;
            }

            if (BitConverter.ToUInt32(head, (int)at) == 3)
            {
                var (where, length) = ((long)BitConverter.ToUInt64(head, (int)at + 8), (long)BitConverter.ToUInt64(head, (int)at + 32));
                return where >= 0 && length > 1 && where + length <= head.Length ? Encoding.UTF8.GetString(head, (int)where, (int)length - 1) : null;
            }
        }

        return null;
    }
}
