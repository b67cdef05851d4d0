using System.Text.Json.Serialization;

namespace O1Coder.Sandbox;

/// <summary>What a supervisor saw; <see cref="VerdictRule"/> turns it into a verdict.</summary>
internal sealed record BoxFacts
{
    /// <summary>Set when the box itself failed; nothing else is set then.</summary>
    public string? Error { get; init; }

    /// <summary>Why the run ended: exit, cpu, wall, memory or output.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The wait status of the program (wait(2)), or null when it had to be killed.</summary>
    public int? Status { get; init; }

    /// <summary>CPU seconds of the job.</summary>
    public double Cpu { get; init; }

    /// <summary>Wall-clock seconds of the run.</summary>
    public double Wall { get; init; }

    /// <summary>The largest memory of the job, bytes.</summary>
    public long Peak { get; init; }

    /// <summary>Whether the kernel killed a process of the job for its memory.</summary>
    public bool Oom { get; init; }

    /// <summary>cgroup-v2, cgroup-v1 or rlimit.</summary>
    public string Limiter { get; init; } = "";

    /// <summary>Whether the harness said that the program compiled.</summary>
    public bool Compiled { get; init; }

    /// <summary>Of a script: why it does not compile.</summary>
    public CompileFailure? CompileError { get; init; }

    /// <summary>Of a function: the judge's report.</summary>
    public JudgeReport? Judge { get; init; }

    /// <summary>Length of the standard output that follows.</summary>
    [JsonPropertyName("stdout")]
    public int OutputLength { get; init; }

    /// <summary>Length of the standard error that follows.</summary>
    [JsonPropertyName("stderr")]
    public int ErrorLength { get; init; }

    /// <summary>Length of what came over descriptor 3.</summary>
    [JsonPropertyName("channel")]
    public int ChannelLength { get; init; }

    /// <summary>What came over descriptor 3 behind the harness's first word: a call's answer, a trace.</summary>
    [JsonIgnore]
    public byte[] Channel { get; init; } = [];

    /// <summary>Standard output, at most the limit.</summary>
    [JsonIgnore]
    public byte[] Output { get; init; } = [];

    /// <summary>Standard error, at most the limit.</summary>
    [JsonIgnore]
    public byte[] ErrorOutput { get; init; } = [];

    /// <summary>The exit status, or 128 + the signal; a program that had to be killed ended by SIGKILL.</summary>
    [JsonIgnore]
    public int ExitStatus => Status is not int status ? 128 + 9 : (status & 0x7f) != 0 ? 128 + (status & 0x7f) : status >> 8;
}
