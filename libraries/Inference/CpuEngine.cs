using System.Diagnostics;
using O1Coder.Inference.Cpu;
using O1Coder.Models;

namespace O1Coder.Inference;

/// <summary>Makes engines that run in our own code on the processor.</summary>
public static class CpuEngine
{
    /// <summary>
    /// Loads a model's weights into a new engine. The model's file is not read any more afterwards; its tokenizer is.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or a matrix has a shape that cannot be packed; the message tells value and range.
    /// </exception>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape or type than the engine runs.</exception>
    public static IInferenceEngine Load(LanguageModel model, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(model.Description.ContextLength);
        var clock = Stopwatch.StartNew();
        var backend = new CpuBackend(
            model.Parameters,
            options.Precision,
            options.Weights,
            KernelPaths.Best,
            options.Threads,
            options.MaxSequences,
            options.ContextLength);
        return new InferenceEngine(backend, model.Tokenizer, model.Description.EndOfTurnTokens, options, clock.Elapsed, () => model.Hash);
    }
}
