namespace O1Coder.Models;

/// <summary>One message of a chat.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">The text; special tokens in it are plain text.</param>
public sealed record ChatMessage(ChatRole Role, string Content);
