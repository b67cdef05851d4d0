using System.Diagnostics;
using Microsoft.Extensions.Options;
using O1Coder.Inference;
using O1Coder.Models;

namespace O1Coder.Policy;

/// <summary>Loads a model into an engine of this process.</summary>
internal sealed class EngineModelLoader(IOptions<PolicyOptions> options) : IModelLoader
{
    /// <inheritdoc />
    public LoadedModel Load(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var settings = options.Value;
        var model = LanguageModel.Open(settings.Model, settings.VerifyModel, cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var engine = InferenceEngines.Load(model, new EngineOptions
            {
                Threads = settings.Threads > 0 ? settings.Threads : Environment.ProcessorCount,
                ContextLength = Math.Min(settings.ContextLength, model.Description.ContextLength),
                MaxSequences = settings.MaxSequences,
                QueueLength = settings.QueueLength,
                PrefixCacheBytes = settings.PrefixCacheBytes,
                Backend = settings.Backend,
                Precision = EngineWords.FindAccuracy(settings.Accuracy)!.Value,
                Weights = EngineWords.FindWeights(settings.Weights)!.Value,
                MaxAdapters = settings.MaxAdapters,
                MaxAdapterBytes = settings.MaxAdapterBytes,
            });
            return new LoadedModel(model, engine, clock.Elapsed);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
