using O1Coder.Inference;
using O1Coder.Models;

[assembly: AssemblyFixture(typeof(O1Coder.Golden.Tests.EngineFixture))]

namespace O1Coder.Golden.Tests;

/// <summary>The embedded model, loaded once on each back end in each precision, when a test first asks for it.</summary>
public sealed class EngineFixture : IAsyncDisposable
{
    private readonly LanguageModel _model;
    private readonly Lock _gate = new();
    private readonly Dictionary<(EngineBackend, Precision), IInferenceEngine> _engines = [];

    public EngineFixture()
    {
        // A missing part fails here with a message that names it.
        _model = LanguageModel.Open(Repository.EmbeddedModel, verifyHashes: false);
    }

    public IInferenceEngine this[Precision precision] => this[EngineBackend.Onnx, precision];

    public IInferenceEngine this[EngineBackend backend, Precision precision]
    {
        get
        {
            lock (_gate)
            {
                if (!_engines.TryGetValue((backend, precision), out var engine))
                {
                    var options = new EngineOptions
                    {
                        Backend = backend,
                        Precision = precision,
                        MaxSequences = 4,
                        ContextLength = 512,
                        PrefixCacheBytes = 64 << 20,
                    };
                    _engines.Add((backend, precision), engine = InferenceEngines.Load(_model, options));
                }

                return engine;
            }
        }
    }

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
