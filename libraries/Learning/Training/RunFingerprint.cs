using System.Security.Cryptography;
using System.Text.Json;
using O1Coder.Learning.Transformer;

namespace O1Coder.Learning.Training;

/// <summary>A hash of everything that decides a run's numbers, threads aside.</summary>
internal static class RunFingerprint
{
    /// <summary>SHA-256, lower-case hexadecimal.</summary>
    /// <param name="spec">What is asked for; where its files lie, and how often it is saved, do not count.</param>
    /// <param name="modelHash">The base model's hash.</param>
    /// <param name="dataHash">The hash of the data as tokens.</param>
    /// <param name="startVersion">The start adapter's version; empty for none.</param>
    /// <param name="precision">What products are computed in.</param>
    public static string Of(TrainingSpec spec, string modelHash, string dataHash, string startVersion, ProductPrecision precision)
    {
        var deciding = spec with { DataPath = "", OutputFolder = "", StartAdapter = startVersion, CheckpointEvery = 1 };
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new { Spec = deciding, Model = modelHash, Data = dataHash, Products = $"{precision.Stored} {precision.Computed}" });
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
