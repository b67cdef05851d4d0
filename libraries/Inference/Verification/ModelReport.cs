using System.Globalization;
using O1Coder.Inference.Cpu;
using O1Coder.Inference.Onnx;
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
    /// <exception cref="ModelFormatException">The weights are missing or not valid.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<string> Describe(string path, CancellationToken cancellationToken)
    {
        using var weights = LanguageModel.OpenWeights(path);
        var model = weights.Description;
        var products = Products(model).ToList();
        var matrices = products.SelectMany(names => names).ToList();
        var vectors = Vectors(model).Sum(name => weights.Shape(name)[0]);
        var parameters = vectors + matrices.Sum(name => weights.Shape(name)[0] * weights.Shape(name)[1]);
        var stored = matrices.GroupBy(weights.StoredType).Select(type => $"{type.Count()} as {type.Key}");
        var heads = $"{model.Heads} heads of {model.HeadSize}, {model.KeyValueHeads} key-value heads";
        List<string> lines =
        [
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))),
            $"  architecture   {model.Architecture}: {model.Layers} layers, hidden size {model.HiddenSize}, {heads}, feed-forward {model.FeedForwardSize}, "
                + $"vocabulary {model.VocabularySize}{(model.TiedEmbedding ? ", the embedding is the head" : "")}",
            $"  context        {model.ContextLength} tokens",
            $"  chat template  {Template(path, cancellationToken)}",
            string.Create(CultureInfo.InvariantCulture, $"  parameters     {parameters:N0}, matrices stored {string.Join(", ", stored)}"),
        ];
        string? refusal = null;
        foreach (var precision in Enum.GetValues<WeightPrecision>())
        {
            try
            {
                lines.AddRange(Held(weights, products, vectors * sizeof(float), precision, cancellationToken));
            }
            catch (ArgumentException exception)
            {
                refusal ??= exception.Message;
                lines.Add($"  {EngineWords.Describe(precision),-13}  cannot be held: {exception.Message}");
            }
        }

        lines.Add($"  cpu back end   {refusal ?? string.Join(", ", KernelPaths.Runnable.Reverse().Select(kernels => $"{kernels}".ToLowerInvariant()))}");
        lines.Add($"  onnx back end  {Onnx(weights, products)}");
        return lines;
    }

    private static IEnumerable<string> Held(
        IWeights weights, IReadOnlyList<string[]> products, long vectorBytes, WeightPrecision precision, CancellationToken cancellationToken)
    {
        var held = new List<HeldMatrix>();
        foreach (var names in products)
        {
            cancellationToken.ThrowIfCancellationRequested();
            held.Add(HeldMatrix.Measure(weights, names, precision));
        }

        yield return string.Create(CultureInfo.InvariantCulture,
            $"  {EngineWords.Describe(precision),-13}  {held.Sum(matrix => matrix.Bytes) + vectorBytes:N0} bytes in memory");
        foreach (var same in held.GroupBy(matrix => (matrix.Stored, matrix.Format)))
        {
            var largest = same.Max(matrix => matrix.Largest);
            var rms = Math.Sqrt(same.Sum(matrix => matrix.Squares) / same.Sum(matrix => matrix.Sampled));
            var error = largest == 0
                ? "exactly"
                : string.Create(CultureInfo.InvariantCulture, $"with an error of rms {rms:0.000} and at most {largest:0.000} of a block's scale");
            yield return string.Create(CultureInfo.InvariantCulture,
                $"                 {same.Key.Stored} as {same.Key.Format}, {error}: {same.Sum(matrix => matrix.Weights):N0} weights");
        }
    }

    // What is multiplied at once is held in one format.
    private static IEnumerable<string[]> Products(ModelDescription model)
    {
        yield return [Embedding];
        if (!model.TiedEmbedding)
        {
            yield return [Head];
        }

        for (var layer = 0; layer < model.Layers; layer++)
        {
            yield return Names(layer, Projection.Query, Projection.Key, Projection.Value);
            yield return Names(layer, Projection.Output);
            yield return Names(layer, Projection.Gate, Projection.Up);
            yield return Names(layer, Projection.Down);
        }

        static string[] Names(int layer, params Projection[] projections) =>
            [.. projections.Select(projection => $"model.layers.{layer}.{projection.ModulePath()}.weight")];
    }

    private static IEnumerable<string> Vectors(ModelDescription model)
    {
        yield return "model.norm.weight";
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var block = $"model.layers.{layer}";
            yield return $"{block}.input_layernorm.weight";
            yield return $"{block}.post_attention_layernorm.weight";
            if (model.QkvBias)
            {
                yield return $"{block}.{Projection.Query.ModulePath()}.bias";
                yield return $"{block}.{Projection.Key.ModulePath()}.bias";
                yield return $"{block}.{Projection.Value.ModulePath()}.bias";
            }

            if (model.QueryKeyNorm)
            {
                yield return $"{block}.self_attn.q_norm.weight";
                yield return $"{block}.self_attn.k_norm.weight";
            }
        }
    }

    private static string Template(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var model = LanguageModel.Open(path, verifyHashes: false, cancellationToken);
            return "present";
        }
        catch (ModelFormatException exception)
        {
            return $"cannot be used: {exception.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static string Onnx(IWeights weights, IReadOnlyList<string[]> products)
    {
        var size = weights.Description.HeadSize;
        if (size % OnnxBackend.HeadSizeUnit != 0)
        {
            return $"no: heads of width {size}, expected a multiple of {OnnxBackend.HeadSizeUnit}";
        }

        var formats = products.Select(names => WeightImage.FormatFor(WeightPrecision.AsStored, new MatrixSource(weights, names).StoredType)).Distinct();
        return $"as stored holds {string.Join(" and ", formats.Select(WeightImage.Describe))}";
    }
}
