using System.Text.Json.Serialization;

namespace O1Coder.Policy.OpenAi;

/// <summary>Continuations of a text, whole or one event of a stream; both have the same shape.</summary>
internal sealed record Completion
{
    /// <summary>The request's id.</summary>
    public string? Id { get; init; }

    /// <summary>"text_completion".</summary>
    public string? Object { get; init; }

    /// <summary>Unix time in seconds.</summary>
    public long? Created { get; init; }

    /// <summary>The model or adapter that answered.</summary>
    public string? Model { get; init; }

    /// <summary>The answers, or what has been added to some.</summary>
    public IReadOnlyList<CompletionChoice>? Choices { get; init; }

    /// <summary>The cost: of a stream in its last event, if asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Usage? Usage { get; init; }

    /// <summary>Only read: what llama.cpp tells beside the answer.</summary>
    [JsonPropertyName("__verbose")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerboseAnswer? Verbose { get; init; }
}
