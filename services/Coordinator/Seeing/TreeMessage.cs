namespace O1Coder.Coordinator.Seeing;

/// <summary>A message of a chat.</summary>
/// <param name="Role">system, user or assistant.</param>
/// <param name="Content">Its text.</param>
internal sealed record TreeMessage(string Role, string Content);
