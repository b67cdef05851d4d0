namespace O1Coder.Search;

/// <summary>
/// The order in which sequential halving visits actions (Karnin et al. 2013; Danihelka et al. 2022, ICLR, "Policy
/// improvement by planning with Gumbel", algorithm 2 and appendix): the k-th simulation goes to one of the actions that
/// have been visited so often.
/// </summary>
internal static class ConsideredVisits
{
    /// <summary>The visit counts, one a simulation.</summary>
    /// <param name="considered">m, actions that are considered at first.</param>
    /// <param name="simulations">n, simulations.</param>
    public static IEnumerable<int> Of(int considered, int simulations) => (considered <= 1
        ? Enumerable.Range(0, simulations)
        : Halving(considered, simulations)).Take(simulations);

    private static IEnumerable<int> Halving(int considered, int simulations)
    {
        var phases = (int)Math.Ceiling(Math.Log2(considered));
        var visits = new int[considered];
        for (var left = considered; ; left = Math.Max(2, left / 2))
        {
            var each = Math.Max(1, simulations / (phases * left));
            for (var i = 0; i < each; i++)
            {
                for (var action = 0; action < left; action++)
                {
                    yield return visits[action];
                }

                for (var action = 0; action < left; action++)
                {
                    visits[action]++;
                }
            }
        }
    }
}
