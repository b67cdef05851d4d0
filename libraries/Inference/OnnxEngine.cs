using System.Diagnostics;
using O1Coder.Inference.Onnx;
using O1Coder.Models;

namespace O1Coder.Inference;

/// <summary>Makes engines that run on ONNX Runtime.</summary>
public static class OnnxEngine
{
    /// <summary>
    /// Loads a model's weights into a new engine. The model's file is not read any more afterwards; its tokenizer is.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or a matrix cannot be held as they say; the message tells value and range.
    /// </exception>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape or type than the engine runs.</exception>
    /// <exception cref="PlatformNotSupportedException">The build is for CUDA and there is no device; one line says what is missing.</exception>
    public static IInferenceEngine Load(LanguageModel model, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(model.Description.ContextLength);
        var clock = Stopwatch.StartNew();
        var backend = new OnnxBackend(
            model.Parameters,
            options.Precision,
            options.Weights,
            GraphDevices.OfBuild,
            options.Threads,
            options.MaxSequences,
            options.ContextLength);
        return new InferenceEngine(backend, model.Tokenizer, model.Description.EndOfTurnTokens, options, clock.Elapsed);
    }
}
