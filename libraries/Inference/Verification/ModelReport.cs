using System.Globalization;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference.Verification;

/// <summary>Says what a model is, how its weights are held in each precision and what that loses, and what runs it.</summary>
public static class ModelReport
{
    private const string Embedding = "model.embed_tokens.weight";
    private const string Head = "lm_head.weight";

    /// <summary>Describes a model, line by line.</summary>
    /// <param name="path">A folder that holds one model, or a GGUF file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ModelFormatException">The model is missing or not valid.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IEnumerable<string> Describe(string path, CancellationToken cancellationToken)
    {
        using var opened = OpenWeights(path, cancellationToken, out var name, out var template);
        var weights = opened;
        var model = weights.Description;
        yield return name;
        yield return Line($"  architecture   {model.Architecture}: {model.Layers} layers, hidden {model.HiddenSize}, {model.Heads} heads of {model.HeadSize}, {model.KeyValueHeads} key-value heads, feed-forward {model.FeedForwardSize}, vocabulary {model.VocabularySize}{(model.TiedEmbedding ? ", head tied to the embedding" : "")}");
        yield return Line($"  context        {model.ContextLength} tokens");
        yield return $"  chat template  {template}";

        var matrices = Matrices(model).ToList();
        var vectors = Vectors(model).Sum(vector => weights.Shape(vector)[0]);
        var stored = matrices.SelectMany(names => names).GroupBy(weights.StoredType)
            .Select(type => Line($"{type.Count()} {type.Key}"));
        var parameters = vectors + matrices.SelectMany(names => names).Sum(matrix => weights.Shape(matrix)[0] * weights.Shape(matrix)[1]);
        yield return Line($"  parameters     {parameters:N0}; matrices stored as {string.Join(", ", stored)}");
        foreach (var precision in Enum.GetValues<WeightPrecision>())
        {
            foreach (var line in Held(weights, matrices, vectors * sizeof(float), precision, cancellationToken))
            {
                yield return line;
            }
        }

        yield return $"  back ends      {string.Join("; ", Backends(weights, matrices))}";
    }
}
