using O1Coder.Inference;
using O1Coder.Models;

[assembly: AssemblyFixture(typeof(O1Coder.Golden.Tests.EngineFixture))]

namespace O1Coder.Golden.Tests;

/// <summary>The embedded model, loaded once in each precision for all tests.</summary>
public sealed class EngineFixture : IAsyncDisposable
{
    private readonly LanguageModel _model;
    private readonly Dictionary<Precision, IInferenceEngine> _engines = [];

    public EngineFixture()
    {
        // A missing part fails here with a message that names it.
        _model = LanguageModel.Open(Repository.EmbeddedModel, verifyHashes: false);
        foreach (var precision in Enum.GetValues<Precision>())
        {
            _engines[precision] = OnnxEngine.Load(
                _model, new EngineOptions { Precision = precision, MaxSequences = 4, ContextLength = 512, PrefixCacheBytes = 64 << 20 });
        }
    }

    public IInferenceEngine this[Precision precision] => _engines[precision];

    public ITokenizer Tokenizer => _model.Tokenizer;

    public ModelDescription Description => _model.Description;

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines.Values)
        {
            await engine.DisposeAsync();
        }

        _model.Dispose();
    }
}
