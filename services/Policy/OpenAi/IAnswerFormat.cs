using O1Coder.Inference;

namespace O1Coder.Policy.OpenAi;

/// <summary>How the engine's events become JSON: of a text or of a chat completion. One instance serves one request.</summary>
internal interface IAnswerFormat
{
    /// <summary>The events of a stream for one event of the engine, none to several, each a JSON object in UTF-8.</summary>
    IEnumerable<byte[]> Stream(GenerationEvent happened);

    /// <summary>The whole answer for all events of the engine: a JSON object in UTF-8.</summary>
    byte[] Whole(IReadOnlyList<GenerationEvent> happened);
}
