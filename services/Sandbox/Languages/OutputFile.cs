namespace O1Coder.Sandbox.Languages;

/// <summary>A plain file that a box made.</summary>
/// <param name="Name">Its path in the folder that was brought back, with '/'.</param>
/// <param name="IsExecutable">Whether its owner may execute it.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record OutputFile(string Name, bool IsExecutable, byte[] Content);
