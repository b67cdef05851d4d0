using System.ComponentModel.DataAnnotations;

namespace O1Coder.Sandbox;

/// <summary>The service's settings, section <c>Sandbox</c>.</summary>
public sealed class SandboxOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Sandbox";

    /// <summary>Boxes at once, over all requests.</summary>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 2;

    /// <summary>Requests that may wait or run at once; one more is refused with ResourceExhausted.</summary>
    [Range(1, 100_000)]
    public int Queue { get; set; } = 256;

    /// <summary>The interpreter to ask for the real one; empty looks for <c>python3</c> on PATH, then in /usr/bin.</summary>
    public string Python { get; set; } = "";

    /// <summary>What holds memory and process limits: <c>auto</c>, <c>cgroup-v2</c>, <c>cgroup-v1</c> or <c>rlimit</c>.</summary>
    [RegularExpression("auto|cgroup-v2|cgroup-v1|rlimit", ErrorMessage = "Limiter is not one of auto, cgroup-v2, cgroup-v1, rlimit")]
    public string Limiter { get; set; } = "auto";

    /// <summary>The folder for the launcher's files and socket; empty for one in the system's temporary folder.</summary>
    [MaxLength(60, ErrorMessage = "RunFolder is longer than 60 characters, which leaves no room for a socket's name")]
    public string RunFolder { get; set; } = "";

    /// <summary>CPU time a test where a request names none, seconds.</summary>
    [Range(0.05, 60)]
    public double CpuSeconds { get; set; } = 5;

    /// <summary>Wall-clock time a test where a request names none, seconds.</summary>
    [Range(0.05, 120)]
    public double WallSeconds { get; set; } = 10;

    /// <summary>Memory of a job where a request names none, bytes.</summary>
    [Range(16L << 20, 4L << 30)]
    public long MemoryBytes { get; set; } = 256L << 20;

    /// <summary>Processes and threads of a job where a request names none.</summary>
    [Range(1, 256)]
    public int Processes { get; set; } = 16;

    /// <summary>Bytes of standard output and of standard error where a request names none.</summary>
    [Range(1L << 10, 16L << 20)]
    public long OutputBytes { get; set; } = 1L << 20;

    /// <summary>The largest file where a request names none, bytes.</summary>
    [Range(0L, 256L << 20)]
    public long FileBytes { get; set; } = 16L << 20;

    /// <summary>Open files of a process where a request names none.</summary>
    [Range(8, 256)]
    public int OpenFiles { get; set; } = 64;

    /// <summary>CPU time of a compilation, seconds.</summary>
    [Range(0.05, 120)]
    public double CompileCpuSeconds { get; set; } = 10;

    /// <summary>Wall-clock time of a compilation, seconds.</summary>
    [Range(0.05, 300)]
    public double CompileWallSeconds { get; set; } = 40;

    /// <summary>Memory of a compilation, bytes.</summary>
    [Range(64L << 20, 16L << 30)]
    public long CompileMemoryBytes { get; set; } = 1L << 30;

    /// <summary>The largest file that a compiler may write, and all of what it made together, bytes.</summary>
    [Range(1L << 20, 1L << 30)]
    public long CompileFileBytes { get; set; } = 64L << 20;

    /// <summary>
    /// Compilations without it after which a language's preparation is made, such as the precompiled header of C++; 0 for never.
    /// </summary>
    [Range(0, 1_000_000)]
    public int PrepareAfter { get; set; } = 3;

    /// <summary>Compiled programs that are kept, bytes.</summary>
    [Range(0L, 64L << 30)]
    public long CompileCacheBytes { get; set; } = 256L << 20;

    /// <summary>The size of a box's only writable file system, bytes.</summary>
    [Range(1L << 20, 1L << 30)]
    public long DiskBytes { get; set; } = 64L << 20;

    /// <summary>Files and folders that a box may hold.</summary>
    [Range(16, 1_000_000)]
    public int DiskFiles { get; set; } = 4096;
}
