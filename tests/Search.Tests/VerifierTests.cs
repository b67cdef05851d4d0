namespace O1Coder.Search.Tests;

/// <summary>Beam and best-of-N: who is kept and in which order programs are judged.</summary>
public sealed class VerifierTests
{
    [Fact]
    public async Task Best_of_N_judges_from_the_most_likely_down()
    {
        // Six programs in requests of 4 and 2; log-probability a token: −1, −2, −3, −4 and −1.5, −2.5.
        var model = new ScriptedModel(0)
        {
            LogProbabilityOf = (request, i) => (request.Count == 4 ? -1 : -1.5) - i,
        };
        var options = SearchMethods.For("best-of-n").Description.Defaults with
        {
            SamplesPerRequest = 4,
            Settings = new Dictionary<string, string> { ["n"] = "6" },
        };
        var events = await Searching.RunAsync(options, new SearchBudget(), model);
        Assert.Equal(["program 0", "program 4", "program 1", "program 5", "program 2", "program 3"], model.Judged);
        Assert.Equal(StopReason.Exhausted, events.Finish().Reason);

        var top = new ScriptedModel(0) { LogProbabilityOf = model.LogProbabilityOf };
        await Searching.RunAsync(
            options with { Settings = new Dictionary<string, string> { ["n"] = "6", ["judged"] = "2" } }, new SearchBudget(), top);
        Assert.Equal(["program 0", "program 4"], top.Judged);
    }

    [Fact]
    public async Task Best_of_N_by_agreement_judges_the_commonest_program_first_and_equal_ones_once()
    {
        var model = new ScriptedModel(0) { ProgramText = number => $"program {(number is 2 or 4 or 5 ? 2 : number)}" };
        var options = SearchMethods.For("best-of-n").Description.Defaults with
        {
            Settings = new Dictionary<string, string> { ["n"] = "6", ["verifier"] = "agreement" },
        };
        await Searching.RunAsync(options, new SearchBudget(), model);
        Assert.Equal(["program 2", "program 0", "program 1", "program 3"], model.Judged);
    }

    [Fact]
    public async Task A_beam_keeps_the_best_steps_of_a_level()
    {
        // Width 2, two samples: four outlines at the root, of which the rewards .9 and .7 are kept; two refinements each.
        var rewards = new Dictionary<string, double>
        {
            ["DefineStructure 0.0"] = 0.2,
            ["DefineStructure 0.1"] = 0.9,
            ["DefineStructure 0.2"] = 0.1,
            ["DefineStructure 0.3"] = 0.7,
        };
        var plan = new ActionPlan([StepAction.DefineStructure], [StepAction.DefineStructure], [StepAction.Refine], [StepAction.Refine], true);
        var options = SearchMethods.For("beam").Description.Defaults with
        {
            Plan = plan,
            FastAnswer = false,
            SamplesPerExpansion = 2,
            MaxDepth = 3,
            Settings = new Dictionary<string, string> { ["width"] = "2", ["verifier"] = "process-reward" },
        };
        var model = new ScriptedModel(0, 1, 2, 3);
        var evaluator = new ScriptedEvaluator(text => rewards.GetValueOrDefault(text, text.EndsWith(".0", StringComparison.Ordinal) ? 0.5 : 0.6));
        var events = new List<SearchEvent>();
        await foreach (var one in SearchMethods.For("beam").SearchAsync(
            new SearchRequest(options, new SearchBudget(), model, model, evaluator), TestContext.Current.CancellationToken))
        {
            events.Add(one);
        }

        // Means over the path: 2→ (.9+.5)/2, (.9+.6)/2; 4→ (.7+.5)/2, (.7+.6)/2. Kept: .75 and .70.
        var added = events.OfType<NodeAdded>().ToList();
        Assert.Equal([0, 0, 0, 0, 2, 2, 4, 4, 6, 6, 5, 5], added.Select(node => node.Parent));
        Assert.Equal(4, model.Judged.Count);
        Assert.Equal(StopReason.Exhausted, events.Finish().Reason);
    }
}
