namespace O1Coder.Sandbox.Languages;

/// <summary>One or more fixed commands, run one after the other in one box as long as they succeed.</summary>
/// <param name="Steps">The argument vectors; the first word is a path in the box.</param>
/// <param name="View">What the box sees of the host.</param>
/// <param name="Environment">All of the environment.</param>
internal sealed record BoxCommand(IReadOnlyList<IReadOnlyList<string>> Steps, BoxView View, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Whether the box gets a /proc of its own processes.</summary>
    public bool NeedsProc { get; init; }
}
