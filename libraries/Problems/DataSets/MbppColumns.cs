using System.Text.Json.Serialization;

namespace O1Coder.Problems.DataSets;

/// <summary>The columns of MBPP in parquet.</summary>
internal sealed class MbppColumns
{
    [JsonPropertyName("task_id")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? TaskId { get; set; }

    [JsonPropertyName("text")]
    public string? Text { get; set; }

    [JsonPropertyName("code")]
    public string? Code { get; set; }

    [JsonPropertyName("test_list")]
    public List<string>? TestList { get; set; }

    [JsonPropertyName("test_setup_code")]
    public string? TestSetupCode { get; set; }

    [JsonPropertyName("challenge_test_list")]
    public List<string>? ChallengeTestList { get; set; }

    [JsonPropertyName("o1coder")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Extension { get; set; }
}
