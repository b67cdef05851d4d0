using O1Coder.Problems;

namespace O1Coder.Tcg;

/// <summary>Which language a problem's cases are in.</summary>
internal static class CaseLanguages
{
    /// <summary>The language of a problem that <see cref="ProblemCheck"/> let through.</summary>
    public static ICaseLanguage Of(V1.Problem problem) => problem.Mode == V1.ProblemMode.Stdio
        ? new StdioCases()
        : new FunctionCases(PythonSignature.NameOf(problem.Signature)!);
}
