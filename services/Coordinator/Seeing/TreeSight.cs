using System.Text.Json.Serialization;

namespace O1Coder.Coordinator.Seeing;

/// <summary>A piece of what the model read; one of the fields is set.</summary>
internal sealed record TreeSight
{
    /// <summary>A chat: its place in <see cref="TreeDocument.Chats"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Chat { get; init; }

    /// <summary>All that was read and written up to the end of this node.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Path { get; init; }

    /// <summary>With <see cref="Path"/>: how often that node had been written anew by then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Revision { get; init; }

    /// <summary>Words that the search put there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }
}
