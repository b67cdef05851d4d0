using System.Diagnostics.CodeAnalysis;
using O1Coder.V1;

namespace O1Coder.Sandbox.Verification;

/// <summary>What can come of a case, by name: a verdict, or that the service refused the request.</summary>
internal static class Outcomes
{
    /// <summary>The service refused the request as bad input.</summary>
    public const string Refused = "Refused";

    private static readonly Dictionary<string, string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AC"] = nameof(Verdict.Accepted),
        ["OK"] = nameof(Verdict.Accepted),
        ["WA"] = nameof(Verdict.WrongAnswer),
        ["RTE"] = nameof(Verdict.RuntimeError),
        ["RE"] = nameof(Verdict.RuntimeError),
        ["TLE"] = nameof(Verdict.TimeLimit),
        ["WTLE"] = nameof(Verdict.TimeLimit),
        ["CTLE"] = nameof(Verdict.CompileError),
        ["MLE"] = nameof(Verdict.MemoryLimit),
        ["OLE"] = nameof(Verdict.OutputLimit),
        ["CE"] = nameof(Verdict.CompileError),
        ["SV"] = nameof(Verdict.PolicyViolation),
        ["InvalidArgument"] = Refused,
        [Refused] = Refused,
    };

    /// <summary>The names that are understood, for people.</summary>
    public const string Understood = "Accepted, WrongAnswer, RuntimeError, TimeLimit, MemoryLimit, OutputLimit, CompileError, PolicyViolation, "
        + "Refused, or AC, WA, RTE, TLE, WTLE, MLE, OLE, CE, CTLE, SV";

    /// <summary>Finds an outcome by its name or its usual short one, in any case.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out string? outcome)
    {
        var plain = name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (s_names.TryGetValue(plain, out outcome))
        {
            return true;
        }

        outcome = Enum.GetNames<Verdict>().FirstOrDefault(known => known.Equals(plain, StringComparison.OrdinalIgnoreCase)
            && known is not (nameof(Verdict.Unspecified) or nameof(Verdict.InternalError)));
        return outcome is not null;
    }
}
