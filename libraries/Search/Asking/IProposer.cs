namespace O1Coder.Search;

/// <summary>Writes next steps; in this system a language model behind the Policy service.</summary>
public interface IProposer
{
    /// <summary>
    /// Continues a path in <see cref="ProposalRequest.Count"/> ways, in an order that depends on the request alone.
    /// Several calls may be under way at once.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<IReadOnlyList<Proposal>> ProposeAsync(ProposalRequest request, CancellationToken cancellationToken);
}
