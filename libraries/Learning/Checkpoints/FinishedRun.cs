using System.Text.Json;
using System.Text.Json.Serialization;
using O1Coder.Learning.Training;

namespace O1Coder.Learning.Checkpoints;

/// <summary>training.json, which stands beside a finished adapter and says how it came about.</summary>
/// <param name="Fingerprint">Of everything that decided the run's numbers.</param>
/// <param name="BaseModel">The base model's name.</param>
/// <param name="BaseModelHash">The base model's hash.</param>
/// <param name="DataHash">SHA-256 over the data as tokens.</param>
/// <param name="Spec">What was asked for.</param>
/// <param name="Outcome">What it left.</param>
/// <param name="Steps">Every step.</param>
internal sealed record FinishedRun(
    string Fingerprint, string BaseModel, string BaseModelHash, string DataHash, TrainingSpec Spec, TrainingOutcome Outcome,
    IReadOnlyList<TrainingStep> Steps)
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <summary>The file's name.</summary>
    public const string FileName = "training.json";

    /// <summary>Reads it from an adapter's folder; null where there is none that can be read.</summary>
    public static FinishedRun? Read(string folder)
    {
        try
        {
            var path = Path.Combine(folder, FileName);
            return File.Exists(path) ? JsonSerializer.Deserialize<FinishedRun>(File.ReadAllBytes(path), s_options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The file's content.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, s_options);
}
