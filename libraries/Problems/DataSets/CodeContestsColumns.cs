using System.Text.Json.Serialization;

namespace O1Coder.Problems.DataSets;

/// <summary>The columns of CodeContests in parquet.</summary>
internal sealed class CodeContestsColumns
{
    [JsonPropertyName("id")]
    public string? Id { get; set; }

    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("description")]
    public string? Description { get; set; }

    [JsonPropertyName("public_tests")]
    public TestColumns? PublicTests { get; set; }

    [JsonPropertyName("private_tests")]
    public TestColumns? PrivateTests { get; set; }

    [JsonPropertyName("generated_tests")]
    public TestColumns? GeneratedTests { get; set; }

    [JsonPropertyName("solutions")]
    public SolutionColumns? Solutions { get; set; }

    [JsonPropertyName("o1coder")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Extension { get; set; }
}
