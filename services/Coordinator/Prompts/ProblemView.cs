using O1Coder.Problems;

namespace O1Coder.Coordinator;

/// <summary>What the model may know of a problem. Hidden tests have no place in it.</summary>
/// <param name="Statement">The task in Markdown.</param>
/// <param name="Mode">How tests talk to a program.</param>
/// <param name="Signature">The signature line in mode function.</param>
/// <param name="EntryPoint">The function's name in mode function, else null.</param>
/// <param name="VisibleTests">The tests that steer the search.</param>
internal sealed record ProblemView(
    string Statement, ProblemMode Mode, string Signature, string? EntryPoint, IReadOnlyList<TestCase> VisibleTests)
{
    /// <summary>The view of a plan's problem.</summary>
    public static ProblemView Of(SolvePlan plan) => new(
        plan.Problem.Statement, plan.Problem.Mode, plan.Problem.Signature, plan.Problem.EntryPoint, plan.Tests.Visible);
}
