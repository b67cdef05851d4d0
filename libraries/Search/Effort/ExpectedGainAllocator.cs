namespace O1Coder.Search;

/// <summary>
/// Gives the next rollouts to the problem with the largest expected gain: the chance that they solve it
/// (<see cref="SuccessRates"/>) divided by the tokens they are likely to cost. A problem that is solved gets no more, so what
/// it leaves goes to those that are not. Problems that stand alike are equally likely, so of them only the cheapest has to
/// be looked at: a choice costs the number of classes, a few dozen, and a logarithm of the problems. Safe for concurrent use.
/// </summary>
/// <param name="budget">What may be spent.</param>
public sealed class ExpectedGainAllocator(EffortBudget budget)
{
    // Tokens of a rollout before there was one; the embedded model's programs have about 90.
    private const double FirstCost = 90;

    private readonly Lock _lock = new();
    private readonly SuccessRates _rates = new();
    private readonly Dictionary<string, Entry> _granted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<StandingClass, SortedSet<Entry>> _waiting = [];
    private Standing _spent;
    private int _order;

    /// <summary>What was spent: rollouts, tokens and sandbox runs of all problems.</summary>
    public Standing Spent
    {
        get
        {
            lock (_lock)
            {
                return _spent;
            }
        }
    }

    /// <summary>A problem of the run that nobody works on.</summary>
    /// <param name="problem">Its name.</param>
    /// <param name="standing">How its search stands.</param>
    /// <param name="over">Whether its search has ended: it counts as spent and gets no more.</param>
    /// <exception cref="ArgumentException">The problem is known already.</exception>
    public void Add(string problem, Standing standing, bool over = false)
    {
        lock (_lock)
        {
            OptionCheck.Require(_known.Add(problem), nameof(problem), problem, "a problem that was not added before");
            _spent = Sum(_spent, standing, Standing.Untried);
            Wait(new Entry(problem, standing, _order++), over);
        }
    }

    /// <summary>
    /// The problem that gets the next <see cref="EffortBudget.Grant"/> rollouts; null when the budget is spent, counting
    /// what is granted and has not come back, or nobody waits.
    /// </summary>
    public string? Next()
    {
        lock (_lock)
        {
            if (IsSpent())
            {
                return null;
            }

            var best = _waiting.Values.Where(set => set.Count > 0).Select(set => set.Min!).MaxBy(GainOf);
            if (best is null)
            {
                return null;
            }

            _waiting[StandingClass.Of(best.Standing)].Remove(best);
            _granted.Add(best.Problem, best);
            return best.Problem;
        }
    }

    /// <summary>A grant came back: the problem waits for another, unless it is solved, spent, or has nothing left to try.</summary>
    /// <param name="problem">The problem that <see cref="Next"/> gave.</param>
    /// <param name="standing">How its search stands now.</param>
    /// <param name="over">Whether its search has ended.</param>
    /// <exception cref="ArgumentException">Nothing was granted to the problem.</exception>
    public void Report(string problem, Standing standing, bool over)
    {
        lock (_lock)
        {
            OptionCheck.Require(_granted.Remove(problem, out var entry), nameof(problem), problem, "a problem with a grant");
            _spent = Sum(_spent, standing, entry!.Standing);
            _rates.Add(StandingClass.Of(entry.Standing), standing.Passed);
            Wait(entry with { Standing = standing }, over);
        }
    }

    private static Standing Sum(Standing spent, Standing now, Standing before) => new(
        spent.Rollouts + now.Rollouts - before.Rollouts, spent.Tokens + now.Tokens - before.Tokens,
        spent.SandboxRuns + now.SandboxRuns - before.SandboxRuns, 0, false);

    // A problem that was not tried is likely to cost what the others did.
    private double CostOf(Standing standing) => (standing.Rollouts, _spent.Rollouts) switch
    {
        (0, 0) => FirstCost,
        (0, _) => Math.Max(1, (double)_spent.Tokens / _spent.Rollouts),
        _ => CostOfTried(standing),
    };

    private static double CostOfTried(Standing standing) => Math.Max(1, (double)standing.Tokens / Math.Max(1, standing.Rollouts));

    private double GainOf(Entry entry) => _rates.Of(StandingClass.Of(entry.Standing)) / CostOf(entry.Standing);

    private void Wait(Entry entry, bool over)
    {
        if (over || entry.Standing.Passed || entry.Standing.Rollouts >= budget.RolloutsEach)
        {
            return;
        }

        var alike = StandingClass.Of(entry.Standing);
        if (!_waiting.TryGetValue(alike, out var set))
        {
            set = new SortedSet<Entry>(Comparer<Entry>.Create((x, y) =>
                CostOfTried(x.Standing).CompareTo(CostOfTried(y.Standing)) is not 0 and var byCost ? byCost : x.Order.CompareTo(y.Order)));
            _waiting.Add(alike, set);
        }

        set.Add(entry);
    }

    // What is granted counts as its rollouts, so that many workers together do not overshoot by more than their tokens.
    private bool IsSpent() =>
        (budget.Rollouts > 0 && _spent.Rollouts + ((long)_granted.Count * budget.Grant) >= budget.Rollouts)
        || (budget.Tokens > 0 && _spent.Tokens + _granted.Values.Sum(one => budget.Grant * CostOf(one.Standing)) >= budget.Tokens)
        || (budget.SandboxRuns > 0 && _spent.SandboxRuns + ((long)_granted.Count * budget.Grant) >= budget.SandboxRuns);

    private sealed record Entry(string Problem, Standing Standing, int Order);
}
