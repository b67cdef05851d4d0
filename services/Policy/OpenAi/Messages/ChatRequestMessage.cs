using System.Text.Json;

namespace O1Coder.Policy.OpenAi;

/// <summary>One message of a chat.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">A text, or a list of parts of type "text".</param>
internal sealed record ChatRequestMessage(string? Role = null, JsonElement? Content = null);
