using System.Text.Json.Serialization;

namespace O1Coder.Problems.DataSets;

/// <summary>The columns of HumanEval in parquet.</summary>
internal sealed class HumanEvalColumns
{
    [JsonPropertyName("task_id")]
    public string? TaskId { get; set; }

    [JsonPropertyName("prompt")]
    public string? Prompt { get; set; }

    [JsonPropertyName("entry_point")]
    public string? EntryPoint { get; set; }

    [JsonPropertyName("canonical_solution")]
    public string? CanonicalSolution { get; set; }

    [JsonPropertyName("test")]
    public string? Test { get; set; }

    [JsonPropertyName("o1coder")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Extension { get; set; }
}
