namespace O1Coder.Search;

/// <summary>The search methods by strategy; a new one is one class and one line here.</summary>
public static class SearchMethods
{
    /// <summary>The method that carries out a strategy.</summary>
    /// <exception cref="ArgumentException">There is no such strategy.</exception>
    public static ISearchMethod For(SearchStrategy strategy) => strategy switch
    {
        SearchStrategy.Greedy => new GreedySearch(),
        SearchStrategy.Sample => new SampleSearch(),
        SearchStrategy.Mcts => new TreeSearch(),
        _ => throw new ArgumentException($"strategy is '{strategy}': expected one of Greedy, Sample, Mcts", nameof(strategy)),
    };
}
