using System.ComponentModel.DataAnnotations;

namespace O1Coder.Trainer;

/// <summary>The service's settings, from configuration or the environment.</summary>
internal sealed class TrainerOptions
{
    /// <summary>The base model's folder: GGUF parts as Policy serves them, or a Hugging Face folder.</summary>
    [ConfigurationKeyName("O1CODER_MODEL")]
    public string Model { get; set; } = "";

    /// <summary>Threads that compute; 0 is one a core.</summary>
    [ConfigurationKeyName("O1CODER_THREADS")]
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>The folder of all runs; jobs are kept in <c>trainer</c> under it.</summary>
    [ConfigurationKeyName("O1CODER_RUNS")]
    public string Runs { get; set; } = "runs";

    /// <summary>The threads that compute, as a number.</summary>
    public int ThreadCount => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>The folder of all jobs, absolute.</summary>
    public string JobsFolder => Path.Combine(Path.GetFullPath(Runs), "trainer");
}
