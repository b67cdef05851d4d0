namespace O1Coder.Search;

/// <summary>
/// A change that a rollout under way has worked out. In the rollout's turn it is applied to the tree and says what
/// happened.
/// </summary>
internal delegate SearchEvent Draft(SearchTree tree);
