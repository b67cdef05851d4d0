namespace O1Coder.Search.Tests;

/// <summary>PUCT against AlphaZero's formula worked out anew.</summary>
public sealed class PuctTests
{
    private static readonly ActionPlan s_thoughtAndCode = new(
        [StepAction.DefineStructure, StepAction.Code], [StepAction.DefineStructure, StepAction.Code], [StepAction.Refine, StepAction.Code],
        [StepAction.Refine, StepAction.Code], true);

    [Theory]
    [InlineData("zero", "no")]
    [InlineData("parent", "no")]
    [InlineData("parent", "siblings")]
    public async Task Every_step_down_follows_the_formula(string unvisited, string rescale)
    {
        var options = SearchMethods.For("puct").Description.Defaults with
        {
            Plan = s_thoughtAndCode,
            FastAnswer = false,
            SamplesPerExpansion = 3,
            MaxDepth = 4,
            Exhaust = true,
            Settings = new Dictionary<string, string> { ["unvisited"] = unvisited, ["rescale"] = rescale },
        };
        var model = new ScriptedModel(0, 1, -1, 2, 0, 3, 1) { LogProbabilityOf = (request, i) => -0.3 * (1 + ((i + (int)request.Action) % 4)) };
        var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 60 }, model);
        var ledger = new Ledger();
        foreach (var one in events)
        {
            ledger.Take(one, rollout => ledger.Follows(rollout, options.MaxDepth, (here, way) => Score(ledger, here, way, unvisited, rescale)));
        }

        Assert.Equal(60, SearchReplay.Rebuild(events).Root.Visits);
    }

    private static double Score(Ledger ledger, int here, int? way, string unvisited, string rescale)
    {
        // Every expansion here brings three children whose priors sum to 1.
        var known = ledger.Children[here].Where(child => !ledger.New.Contains(child)).ToList();
        var expansions = Math.Max(1, known.Count / 3);
        if (ledger.New.Any(child => ledger.Added[child].Parent == here))
        {
            // The expansion that this rollout made had not been made when the way was chosen.
            expansions = known.Count / 3;
        }

        bool Ends(int child) => ledger.Added[child].Terminal || ledger.Added[child].Depth >= 4;
        var open = known.Where(child => !Ends(child) || ledger.N[child] == 0).ToList();
        var parent = ledger.N[here];
        var c = Math.Log((1 + parent + 19652) / 19652.0) + 1.25;
        var (n, q) = way is { } taken ? (ledger.N[taken], ledger.Q(taken)) : ledger.Ended(here, 4);
        var prior = way is { } one
            ? ledger.Prior(one, expansions)
            : 1 - open.Sum(child => ledger.Prior(child, expansions));
        if (n == 0)
        {
            q = unvisited == "parent" ? ledger.Q(here) : 0;
        }

        if (rescale == "siblings")
        {
            var values = open.Where(child => ledger.N[child] > 0).Select(ledger.Q).Append(ledger.Q(here)).ToList();
            if (ledger.Expansions[here] < 1 + Math.Sqrt(parent) && known.Any(child => Ends(child) && ledger.N[child] > 0))
            {
                values.Add(ledger.Ended(here, 4).Q);
            }

            q = (q - values.Min()) / Math.Max(values.Max() - values.Min(), 1e-8);
        }

        return q + (c * prior * Math.Sqrt(parent) / (1 + n));
    }

    [Fact]
    public async Task Priors_are_a_softmax_over_mean_log_probabilities()
    {
        var options = SearchMethods.For("puct").Description.Defaults with { FastAnswer = false, Plan = ActionPlan.Paper };
        var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 1 }, new ScriptedModel(4));
        var sum = Math.Exp(-1) + Math.Exp(-2) + Math.Exp(-3);
        var priors = events.OfType<NodeAdded>().Take(3).Select(node => node.Prior!.Value).ToList();
        Assert.Equal(Math.Exp(-1) / sum, priors[0], 12);
        Assert.Equal(Math.Exp(-2) / sum, priors[1], 12);
        Assert.Equal(Math.Exp(-3) / sum, priors[2], 12);
        Assert.Equal(-12 * 3.0, events.OfType<NodeAdded>().ElementAt(2).LogProbability!.Value, 12);
    }

    [Fact]
    public void Root_noise_mixes_a_distribution_into_the_priors()
    {
        var tree = new SearchTree(key: 9);
        for (var i = 1; i <= 4; i++)
        {
            var added = new NodeAdded(i, 0, StepAction.DefineStructure, 1, $"{i}", false, 1) { Prior = 0.25 };
            tree.Join(new SearchNode(tree.Root, (ulong)i, added.Action, added.Text, false, 1) { Prior = 0.25 }, added);
        }

        var noise = new RootNoise(0.25, 0.3);
        var mixed = tree.Root.Children.Select(child => noise.Mix(tree.Root, child, 0.25)).ToList();
        Assert.Equal(1, mixed.Sum(), 12);
        Assert.All(mixed, one => Assert.InRange(one, 0.75 * 0.25, 1));
        Assert.Equal(mixed, tree.Root.Children.Select(child => new RootNoise(0.25, 0.3).Mix(tree.Root, child, 0.25)));

        // The mean of Gamma(α) is α, its variance α: over many streams.
        var draws = Enumerable.Range(0, 4000).Select(i =>
        {
            var one = new SearchTree();
            var node = new SearchNode(one.Root, SplitMix64.Mix(1, (ulong)i), StepAction.Code, "", true, 0);
            var other = new SearchNode(one.Root, SplitMix64.Mix(2, (ulong)i), StepAction.Code, "", true, 0);
            one.Join(node, new NodeAdded(1, 0, StepAction.Code, 1, "", true, 0));
            one.Join(other, new NodeAdded(2, 0, StepAction.Code, 1, "", true, 0));
            return new RootNoise(1, 0.3).Mix(one.Root, node, 0);
        }).ToList();

        // A share of two equal Gammas is Beta(α, α): mean 1/2, variance 1/(4(2α + 1)).
        var mean = draws.Average();
        Assert.Equal(0.5, mean, 0.03);
        Assert.Equal(1 / (4 * 1.6), draws.Average(one => (one - mean) * (one - mean)), 0.01);
    }
}
