using System.Text.Json.Serialization;

namespace O1Coder.Problems.DataSets;

/// <summary>The columns of APPS in parquet; lists and objects are texts that hold JSON.</summary>
internal sealed class StdioColumns
{
    [JsonPropertyName("problem_id")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? ProblemId { get; set; }

    [JsonPropertyName("question")]
    public string? Question { get; set; }

    [JsonPropertyName("solutions")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Solutions { get; set; }

    [JsonPropertyName("input_output")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? InputOutput { get; set; }

    [JsonPropertyName("starter_code")]
    public string? StarterCode { get; set; }

    [JsonPropertyName("difficulty")]
    public string? Difficulty { get; set; }

    [JsonPropertyName("o1coder")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Extension { get; set; }
}
