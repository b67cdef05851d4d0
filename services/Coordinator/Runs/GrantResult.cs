using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>What a grant of rollouts to a problem came to.</summary>
/// <param name="Rollouts">Rollouts of its search so far.</param>
/// <param name="Tokens">Tokens of its search so far.</param>
/// <param name="SandboxRuns">Distinct programs run so far.</param>
/// <param name="BestValue">The best program's value on the visible tests.</param>
/// <param name="Passed">Whether a program passes every visible test.</param>
/// <param name="Answer">A <see cref="V1.ProblemAnswered"/> where the search has ended; else null.</param>
[GenerateSerializer, Immutable]
internal sealed record GrantResult(
    [property: Id(0)] int Rollouts, [property: Id(1)] long Tokens, [property: Id(2)] int SandboxRuns, [property: Id(3)] double BestValue,
    [property: Id(4)] bool Passed, [property: Id(5)] byte[]? Answer)
{
    /// <summary>How the search stands.</summary>
    public Standing Standing => new(Rollouts, Tokens, SandboxRuns, BestValue, Passed);
}
