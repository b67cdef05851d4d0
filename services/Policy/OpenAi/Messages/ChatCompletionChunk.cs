using System.Text.Json.Serialization;

namespace O1Coder.Policy.OpenAi;

/// <summary>One event of a streamed chat completion.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Object">"chat.completion.chunk".</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Model">The model or adapter that answers.</param>
/// <param name="Choices">What has been added to which answer; empty in the event that tells the usage.</param>
/// <param name="Usage">The cost, in the last event, if asked for.</param>
internal sealed record ChatCompletionChunk(
    string Id,
    string Object,
    long Created,
    string Model,
    IReadOnlyList<ChatChunkChoice> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Usage? Usage = null);
