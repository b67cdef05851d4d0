using O1Coder.Models;

namespace O1Coder.Inference;

/// <summary>Makes engines.</summary>
public static class InferenceEngines
{
    /// <summary>Loads a model's weights into a new engine on the back end that the options name.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message tells value and range.</exception>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape or type than the engine runs.</exception>
    public static IInferenceEngine Load(LanguageModel model, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Backend == EngineBackend.Cpu ? CpuEngine.Load(model, options) : OnnxEngine.Load(model, options);
    }
}
