using System.Collections.Immutable;

namespace O1Coder.Coordinator;

/// <summary>Which adapter each role runs with: a folder in the run's, empty for the base model.</summary>
internal sealed record AdaptersInUse(string Policy, string Tcg, string Prm)
{
    /// <summary>The role of <see cref="Policy"/>.</summary>
    public const string PolicyRole = "policy";

    /// <summary>The role of <see cref="Tcg"/>, and the adapter's name in Policy.</summary>
    public const string TcgRole = "tcg";

    /// <summary>The role of <see cref="Prm"/>, and the adapter's name in Policy.</summary>
    public const string PrmRole = "prm";

    /// <summary>
    /// The name in Policy of an adapter that is being measured: what is served under a role's own name was kept.
    /// </summary>
    public static string CandidateOf(string role) => $"{role}-candidate";

    /// <summary>The base model everywhere.</summary>
    public static AdaptersInUse None { get; } = new("", "", "");

    /// <summary>With what a step decided.</summary>
    public AdaptersInUse With(IReadOnlyDictionary<string, string> keeps) => new(
        keeps.GetValueOrDefault(PolicyRole, Policy), keeps.GetValueOrDefault(TcgRole, Tcg), keeps.GetValueOrDefault(PrmRole, Prm));

    /// <summary>The files of an adapter; none for the base.</summary>
    public static ImmutableArray<string> FilesOf(string folder) =>
        folder.Length == 0 ? [] : [.. PlayFolder.AdapterFiles.Select(file => $"{folder}/{file}")];
}
