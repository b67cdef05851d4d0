using O1Coder.Models;

[assembly: AssemblyFixture(typeof(O1Coder.Inference.Tests.EmbeddedModelFixture))]

namespace O1Coder.Inference.Tests;

/// <summary>The embedded model, opened once; engines on it are made when a test first asks for them.</summary>
public sealed class EmbeddedModelFixture : IAsyncDisposable
{
    private readonly Lazy<LanguageModel> _model = new(() => LanguageModel.Open(Repository.EmbeddedModel, verifyHashes: false));
    private readonly Lazy<IInferenceEngine> _fast;
    private readonly Lazy<IInferenceEngine> _exact;

    public EmbeddedModelFixture()
    {
        _fast = new(() => Load(Precision.Fast));
        _exact = new(() => Load(Precision.Exact));
    }

    public LanguageModel Model => _model.Value;

    /// <summary>An engine with room for four sequences and a small prefix cache.</summary>
    public IInferenceEngine Engine(Precision precision) => precision == Precision.Fast ? _fast.Value : _exact.Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in new[] { _fast, _exact }.Where(engine => engine.IsValueCreated))
        {
            await engine.Value.DisposeAsync();
        }

        if (_model.IsValueCreated)
        {
            _model.Value.Dispose();
        }
    }

    private IInferenceEngine Load(Precision precision) => OnnxEngine.Load(
        Model, new EngineOptions { Precision = precision, MaxSequences = 4, ContextLength = 768, PrefixCacheBytes = 64 << 20 });
}
