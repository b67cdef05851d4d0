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
    public static IReadOnlyList<int> Of(int considered, int simulations)
    {
        if (considered <= 1)
        {
            return [.. Enumerable.Range(0, simulations)];
        }

        var phases = (int)Math.Ceiling(Math.Log2(considered));
        var visits = new int[considered];
        var order = new List<int>(simulations);
        var left = considered;
        while (order.Count < simulations)
        {
            var each = Math.Max(1, simulations / (phases * left));
            for (var i = 0; i < each; i++)
            {
                order.AddRange(visits.Take(left));
                for (var action = 0; action < left; action++)
                {
                    visits[action]++;
                }
            }

            left = Math.Max(2, left / 2);
        }

        return order[..simulations];
    }
}
