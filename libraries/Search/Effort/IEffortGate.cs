namespace O1Coder.Search;

/// <summary>Says whether a search that shares a budget with others may go on.</summary>
public interface IEffortGate
{
    /// <summary>
    /// Asked when everything that was granted has been done and applied, so that what the search comes to depends on the
    /// size of a grant and not on when it is given.
    /// </summary>
    /// <param name="standing">How the search stands.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True for <see cref="SearchBudget.Grant"/> rollouts more, false to end the search.</returns>
    ValueTask<bool> MoreAsync(Standing standing, CancellationToken cancellationToken);
}
