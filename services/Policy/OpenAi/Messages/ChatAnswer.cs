using System.Text.Json.Serialization;

namespace O1Coder.Policy.OpenAi;

/// <summary>What the assistant says, or adds in one event of a stream.</summary>
/// <param name="Role">"assistant"; of a stream only in the first event.</param>
/// <param name="Content">The text; of a stream absent in the last event.</param>
internal sealed record ChatAnswer(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Content);
