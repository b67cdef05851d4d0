namespace O1Coder.Search;

/// <summary>What a search works with.</summary>
/// <param name="Options">The constants.</param>
/// <param name="Budget">What may be spent.</param>
/// <param name="Proposer">Writes next steps.</param>
/// <param name="Judge">Says what a program is worth.</param>
/// <param name="Evaluator">
/// Says what unfinished steps promise; needed where <see cref="SearchOptions.ProcessRewardWeight"/> is above 0 and by
/// methods that say so.
/// </param>
public sealed record SearchRequest(
    SearchOptions Options, SearchBudget Budget, IProposer Proposer, IJudge Judge, IStepEvaluator? Evaluator = null)
{
    /// <summary>Puts into words what is wrong; needed by methods that think over.</summary>
    public IReflector? Reflector { get; init; }

    /// <summary>Compares programs; needed by methods that rank by preferences.</summary>
    public IComparer? Comparer { get; init; }
}
