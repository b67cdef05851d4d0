namespace O1Coder.Search;

/// <summary>Where a rollout goes and what it does there.</summary>
/// <param name="Node">
/// The node in the tree that the selection ended at. It and its ancestors count one unobserved visit until the rollout is
/// over.
/// </param>
/// <param name="Work">
/// What is done there. Runs beside other rollouts and must not read what they change: of nodes in the tree only what they
/// were born with, of its own new nodes everything.
/// </param>
internal sealed record Choice(SearchNode Node, Func<Rollout, CancellationToken, Task> Work);
