using System.Text.Json.Serialization;

namespace O1Coder.Problems.DataSets;

/// <summary>Inputs and outputs of CodeContests in parquet.</summary>
internal sealed class TestColumns
{
    [JsonPropertyName("input")]
    public List<string>? Input { get; set; }

    [JsonPropertyName("output")]
    public List<string>? Output { get; set; }
}
