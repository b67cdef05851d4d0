namespace O1Coder.Search;

/// <summary>Rebuilds a search's tree from its events.</summary>
public static class SearchReplay
{
    /// <summary>The tree after all of the events; a log that breaks off gives the tree up to there.</summary>
    /// <exception cref="InvalidDataException">
    /// An event does not fit the tree, or the tree's hash is not the one that <see cref="SearchFinished"/> tells.
    /// </exception>
    public static SearchTree Rebuild(IEnumerable<SearchEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var tree = new SearchTree();
        foreach (var one in events)
        {
            tree.Apply(one);
            if (one is SearchFinished finished && finished.TreeHash != tree.ComputeHash())
            {
                throw new InvalidDataException(
                    $"tree_hash is '{finished.TreeHash}': expected {tree.ComputeHash()}, the rebuilt tree's");
            }
        }

        return tree;
    }
}
