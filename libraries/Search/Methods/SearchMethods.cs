namespace O1Coder.Search;

/// <summary>The search methods by name; a new one is one class and one line here.</summary>
public static class SearchMethods
{
    private static readonly ISearchMethod[] s_all =
    [
        new GreedySearch(),
        new SampleSearch(),
        new BestOfNSearch(),
        new BeamSearch(),
        new AdaptiveSearch(),
        new O1CoderSearch(),
        new RStarMathSearch(),
        new PuctSearch(),
        new GumbelSearch(),
        new GifSearch(),
        new RethinkSearch(),
        new BerrySearch(),
    ];

    /// <summary>All methods, baselines first.</summary>
    public static IReadOnlyList<ISearchMethod> All => s_all;

    /// <summary>Their names, in the same order.</summary>
    public static IEnumerable<string> Names => s_all.Select(method => method.Description.Name);

    /// <summary>The method of a name.</summary>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static ISearchMethod For(string name) =>
        s_all.FirstOrDefault(method => method.Description.Name == name)
        ?? throw new ArgumentException(
            $"method is '{name}': expected one of {string.Join(", ", Names)}", nameof(name));
}
