namespace O1Coder.Models;

/// <summary>The tensors that a model has, by Hugging Face's names.</summary>
internal static class HuggingFaceTensors
{
    /// <summary>Every tensor with its shape.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Expected(ModelDescription model)
    {
        long hidden = model.HiddenSize, vocabulary = model.VocabularySize;
        yield return ("model.embed_tokens.weight", [vocabulary, hidden]);
        yield return ("model.norm.weight", [hidden]);
        if (!model.TiedEmbedding)
        {
            yield return ("lm_head.weight", [vocabulary, hidden]);
        }

        for (var layer = 0; layer < model.Layers; layer++)
        {
            var block = $"model.layers.{layer}";
            yield return ($"{block}.input_layernorm.weight", [hidden]);
            yield return ($"{block}.post_attention_layernorm.weight", [hidden]);
            if (model.QueryKeyNorm)
            {
                yield return ($"{block}.self_attn.q_norm.weight", [model.HeadSize]);
                yield return ($"{block}.self_attn.k_norm.weight", [model.HeadSize]);
            }

            foreach (var projection in Enum.GetValues<Projection>())
            {
                var name = $"{block}.{projection.ModulePath()}";
                yield return ($"{name}.weight", [model.OutputSize(projection), model.InputSize(projection)]);
                if (model.QkvBias && projection is (Projection.Query or Projection.Key or Projection.Value))
                {
                    yield return ($"{name}.bias", [model.OutputSize(projection)]);
                }
            }
        }
    }
}
