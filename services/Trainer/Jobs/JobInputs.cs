using System.Security.Cryptography;
using O1Coder.Learning.Training;
using O1Coder.Models;

namespace O1Coder.Trainer;

/// <summary>What a job reads besides its specification, which only names it: the data set and the start adapter.</summary>
internal static class JobInputs
{
    /// <summary>SHA-256 over the files' hashes, lower-case hexadecimal; empty where a file is not there or cannot be read.</summary>
    public static async Task<string> HashAsync(TrainingSpec spec, CancellationToken cancellationToken)
    {
        string[] paths = spec.StartAdapter.Length == 0
            ? [spec.DataPath]
            : [spec.DataPath, Path.Combine(spec.StartAdapter, PeftFolder.ConfigName), Path.Combine(spec.StartAdapter, PeftFolder.WeightsName)];
        try
        {
            var hashes = new List<byte>();
            foreach (var path in paths)
            {
                await using var file = File.OpenRead(path);
                hashes.AddRange(await SHA256.HashDataAsync(file, cancellationToken));
            }

            return Convert.ToHexStringLower(SHA256.HashData([.. hashes]));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
