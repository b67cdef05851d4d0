using O1Coder.Models;

namespace O1Coder.Policy.Tests;

/// <summary>A folder with a random adapter for the embedded model, deleted afterwards.</summary>
internal sealed class AdapterFolder : IDisposable
{
    /// <summary>Writes an adapter of queries and values.</summary>
    /// <param name="seed">Another seed, another version.</param>
    /// <param name="rank">Its rank.</param>
    /// <param name="size">The largest number in it.</param>
    /// <param name="model">The model that it is for; null for the embedded one.</param>
    public AdapterFolder(int seed, int rank = 2, float size = 0.02f, ModelDescription? model = null)
    {
        model ??= EmbeddedModel.Shared.Description;
        var random = new Random(seed);
        var matrices = new Dictionary<LoraKey, LoraMatrices>();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var projection in new[] { Projection.Query, Projection.Value })
            {
                matrices.Add(new LoraKey(layer, projection), new LoraMatrices(
                    Numbers(rank * model.InputSize(projection)), Numbers(model.OutputSize(projection) * rank)));
            }
        }

        Path = Directory.CreateTempSubdirectory("o1coder-adapter-").FullName;
        Version = PeftFolder.Write(Path, new LoraAdapter(rank, 4 * rank, false, matrices), "embedded").Version;

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => size * ((2 * random.NextSingle()) - 1))];
    }

    public string Path { get; }

    public string Version { get; }

    public string Config => System.IO.Path.Combine(Path, PeftFolder.ConfigName);

    public string Weights => System.IO.Path.Combine(Path, PeftFolder.WeightsName);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
