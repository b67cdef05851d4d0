namespace O1Coder.Sandbox.Languages;

/// <summary>What came of running a command.</summary>
/// <param name="Facts">What its supervisor saw.</param>
/// <param name="Channel">What the program wrote to descriptor 3, at most 8 MiB.</param>
/// <param name="Files">The files that were brought back.</param>
/// <param name="Fault">Why none were, where they should have been.</param>
internal sealed record CommandResult(BoxFacts Facts, byte[] Channel, IReadOnlyList<OutputFile> Files, string? Fault);
