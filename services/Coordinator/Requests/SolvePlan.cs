using O1Coder.Problems;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>A valid request with every default filled in.</summary>
internal sealed record SolvePlan
{
    /// <summary>The problem; its tests are those of <see cref="Tests"/>.</summary>
    public required Problem Problem { get; init; }

    /// <summary>Which tests steer the search and which judge its result.</summary>
    public required TestSplit Tests { get; init; }

    /// <summary>The request as it came, for the search's folder.</summary>
    public required V1.SolveRequest Request { get; init; }

    /// <summary>The adapter's folder as it was asked for; empty for none.</summary>
    public string Adapter => Request.Adapter;

    /// <summary>The options in force, every field set.</summary>
    public required V1.SearchOptions WireOptions { get; init; }

    /// <summary>The budget in force.</summary>
    public required V1.Budget WireBudget { get; init; }

    /// <summary>The name of the action plan in force; see <see cref="Search.ActionPlan.Named"/>.</summary>
    public required string ActionPlan { get; init; }

    /// <summary>The options in force as the search takes them.</summary>
    public required SearchOptions Options { get; init; }
}
