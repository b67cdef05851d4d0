namespace O1Coder.Policy;

/// <summary>An adapter under the name that requests use; never changed, only replaced.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The version that the name stands for.</param>
/// <param name="Folder">The folder that it was read from.</param>
/// <param name="Rank">Rank r.</param>
/// <param name="Targets">The projections it changes, for example <c>q_proj</c>.</param>
/// <param name="Bytes">Bytes it takes in memory.</param>
internal sealed record NamedAdapter(
    string Name, string Version, string Folder, int Rank, IReadOnlyList<string> Targets, long Bytes);
