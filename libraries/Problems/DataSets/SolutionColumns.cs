using System.Text.Json.Serialization;

namespace O1Coder.Problems.DataSets;

/// <summary>Solutions of CodeContests in parquet.</summary>
internal sealed class SolutionColumns
{
    [JsonPropertyName("language")]
    public List<int>? Language { get; set; }

    [JsonPropertyName("solution")]
    public List<string>? Solution { get; set; }
}
