namespace O1Coder.Search;

/// <summary>A search has begun; the first event.</summary>
/// <param name="Options">The constants in force.</param>
/// <param name="Budget">The budget in force.</param>
public sealed record SearchStarted(SearchOptions Options, SearchBudget Budget) : SearchEvent;
