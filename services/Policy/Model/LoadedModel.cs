using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Policy;

/// <summary>A model that is ready to serve. Disposing ends what runs and frees the engine before the weights.</summary>
/// <param name="Model">Tokenizer, template, name and hash.</param>
/// <param name="Engine">What computes.</param>
/// <param name="LoadTime">What opening the files and loading the engine took.</param>
internal sealed record LoadedModel(LanguageModel Model, IInferenceEngine Engine, TimeSpan LoadTime) : IAsyncDisposable
{
    /// <summary>The name that answers carry.</summary>
    public string Id { get; init; } = Model.Id;

    /// <summary>What tells these weights from others; of weights elsewhere, their place.</summary>
    public string Hash { get; init; } = Model.Hash;

    /// <summary>The most bytes that one token stands for: a text of more than this many a token cannot fit.</summary>
    public int LongestToken { get; } = Enumerable.Range(0, Model.Tokenizer.VocabularySize)
        .Max(id => Model.Tokenizer.TokenBytes(id).Length);

    /// <summary>The name and hash that answers carry, and the adapter that they came from.</summary>
    public V1.ModelIdentity Identity(NamedAdapter? adapter) => new()
    {
        ModelId = Id,
        ModelHash = Hash,
        Adapter = adapter?.Name ?? "",
        AdapterVersion = adapter?.Version ?? "",
    };

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Model.Dispose();
    }
}
