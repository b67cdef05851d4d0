using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using O1Coder.Models;

namespace O1Coder.Learning.Checkpoints;

/// <summary>
/// The checkpoints of one run, in a folder of their own: <c>step-00000010/</c> is a PEFT adapter with optimizer.safetensors
/// and state.json beside it. The newest two are kept; the newest whole one is gone on from.
/// </summary>
internal sealed class CheckpointStore
{
    private const string StateName = "state.json";
    private const string OptimizerName = "optimizer.safetensors";
    private const string ReferenceName = "reference";
    private const string ReferenceFile = "margins.json";
    private const string FirstName = "first_moment";
    private const string SecondName = "second_moment";
    private const string Prefix = "step-";
    private const int Kept = 2;

    private readonly string _folder;
    private readonly string _fingerprint;
    private readonly ModelDescription _model;

    /// <summary>Opens a folder, which need not be there.</summary>
    public CheckpointStore(string folder, string fingerprint, ModelDescription model)
    {
        _folder = folder;
        _fingerprint = fingerprint;
        _model = model;
    }

    /// <summary>The folder of the newest checkpoint that is known to be whole; empty where there is none.</summary>
    public string Last { get; private set; } = "";

    /// <summary>Writes a checkpoint and deletes those that are no longer needed.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written; older checkpoints stay.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written there.</exception>
    public void Save(Checkpoint checkpoint, string baseModel)
    {
        var step = checkpoint.State.Steps.Count;
        var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:d8}"));
        if (Directory.Exists(path))
        {
            // Not the one gone on from, so not whole.
            Directory.Delete(path, recursive: true);
        }

        DurableFolder.Write(path, folder =>
        {
            var written = PeftFolder.Write(folder, checkpoint.Adapter, baseModel);
            var hash = SafetensorsWriter.Write(Path.Combine(folder, OptimizerName),
            [
                (FirstName, [checkpoint.FirstMoment.Length], checkpoint.FirstMoment),
                (SecondName, [checkpoint.SecondMoment.Length], checkpoint.SecondMoment),
            ]);
            var state = checkpoint.State with
            {
                Fingerprint = _fingerprint,
                AdapterVersion = written.Version,
                OptimizerHash = Convert.ToHexStringLower(hash),
            };
            DurableFolder.WriteFile(Path.Combine(folder, StateName), JsonSerializer.SerializeToUtf8Bytes(state));
        });
        Last = path;
        foreach (var old in Folders().Skip(Kept))
        {
            DurableFolder.Delete(old);
        }
    }

    /// <summary>The newest whole checkpoint of this run, or null.</summary>
    /// <exception cref="CheckpointMismatchException">The checkpoints there are another run's.</exception>
    public Checkpoint? Load()
    {
        if (Directory.Exists(_folder))
        {
            DurableFolder.DeleteUnfinished(Path.Combine(_folder, ReferenceName));
            foreach (var unfinished in Directory.GetDirectories(_folder, $"{Prefix}*.writing-*"))
            {
                DurableFolder.Delete(unfinished);
            }
        }

        foreach (var folder in Folders())
        {
            if (Read(folder) is { } checkpoint)
            {
                Last = folder;
                return checkpoint;
            }
        }

        return null;
    }

    /// <summary>Keeps the reference policy's margins.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written there.</exception>
    public void SaveReference(double[] margins)
    {
        var path = Path.Combine(_folder, ReferenceName);
        DurableFolder.Delete(path);
        var content = JsonSerializer.SerializeToUtf8Bytes(new ReferenceMargins(_fingerprint, margins));
        DurableFolder.Write(path, folder => DurableFolder.WriteFile(Path.Combine(folder, ReferenceFile), content));
    }

    /// <summary>The reference policy's margins of this run, or null.</summary>
    public double[]? LoadReference()
    {
        try
        {
            var path = Path.Combine(_folder, ReferenceName, ReferenceFile);
            var kept = File.Exists(path) ? JsonSerializer.Deserialize<ReferenceMargins>(File.ReadAllBytes(path)) : null;
            return kept?.Fingerprint == _fingerprint ? kept.Margins : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Deletes all of it, once the run has ended.</summary>
    public void Delete() => DurableFolder.Delete(_folder);

    private Checkpoint? Read(string folder)
    {
        try
        {
            var state = JsonSerializer.Deserialize<CheckpointState>(File.ReadAllBytes(Path.Combine(folder, StateName)));
            var optimizer = Path.Combine(folder, OptimizerName);
            if (state is null || HashOf(optimizer) != state.OptimizerHash)
            {
                return null;
            }

            // Another run's, perhaps of another model, whose adapter cannot even be read: its fingerprint decides.
            if (state.Fingerprint != _fingerprint)
            {
                throw new CheckpointMismatchException(_folder);
            }

            var adapter = PeftFolder.Read(folder, _model);
            using var file = SafetensorsFile.Open(optimizer);
            return adapter.Version == state.AdapterVersion
                ? new(state, adapter, file.GetTensor(FirstName).ToFloats(), file.GetTensor(SecondName).ToFloats())
                : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException or ModelFormatException)
        {
            // Not whole: the one before it is.
            return null;
        }
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private IEnumerable<string> Folders() => Directory.Exists(_folder)
        ? Directory.GetDirectories(_folder, $"{Prefix}????????").OrderDescending(StringComparer.Ordinal)
        : [];

    private sealed record ReferenceMargins(string Fingerprint, double[] Margins);
}
