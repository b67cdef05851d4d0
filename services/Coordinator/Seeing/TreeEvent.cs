using System.Text.Json.Serialization;

namespace O1Coder.Coordinator.Seeing;

/// <summary>One event of a search.</summary>
/// <param name="Sequence">Its number in the log.</param>
/// <param name="Kind">added, judged, rollout, revised, reflected or compared.</param>
/// <param name="Node">The node that it is about; of a rollout the leaf.</param>
internal sealed record TreeEvent(long Sequence, string Kind, int Node)
{
    /// <summary>Of a rollout the value that went up, of a comparison the preference.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Value { get; init; }

    /// <summary>Of a comparison the other node.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Other { get; init; }

    /// <summary>Of a rollout: node, N and Q of each node whose N or Q it changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double[]>? Changes { get; init; }

    /// <summary>Of words about a node: the words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }
}
