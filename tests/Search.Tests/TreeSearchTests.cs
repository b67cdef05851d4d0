namespace O1Coder.Search.Tests;

public sealed class TreeSearchTests
{
    [Fact]
    public async Task Thirty_two_rollouts_try_thirty_two_programs_when_none_passes()
    {
        var model = new ScriptedModel(0, 1, 2, 3);
        var events = await Searching.RunAsync(new SearchOptions(), new SearchBudget(), model);
        Assert.Equal(32, model.Judged.Distinct().Count());
        Assert.Equal(32, events.OfType<RolloutFinished>().Count());
        Assert.Equal(StopReason.BudgetSpent, events.Finish().Reason);
        Assert.Equal(0.1 + (0.9 * 3 / 4), events.Finish().Value, tolerance: 1e-12);
        Assert.Contains(events.OfType<NodeAdded>(), node => node.Action == StepAction.DefineStructure);
        Assert.Contains(events.OfType<NodeAdded>(), node => node.Action == StepAction.Refine);
    }

    [Fact]
    public async Task The_search_stops_at_the_first_program_that_passes()
    {
        var model = new ScriptedModel(0, 0, 0, 0, 0, 4);
        var events = await Searching.RunAsync(new SearchOptions(), new SearchBudget(), model);
        Assert.Equal(StopReason.Passed, events.Finish().Reason);
        Assert.Equal("program 5", events.Finish().Program);
        Assert.Equal(1.0, events.Finish().Value);
        Assert.Equal("program 5", model.Judged[^1]);
    }

    [Fact]
    public async Task A_search_for_data_goes_on_after_a_program_has_passed()
    {
        var model = new ScriptedModel(0, 4, 0, 4);
        var events = await Searching.RunAsync(new SearchOptions { Exhaust = true }, new SearchBudget { Rollouts = 10 }, model);
        Assert.Equal(10, events.OfType<RolloutFinished>().Count());
        Assert.Equal(StopReason.Passed, events.Finish().Reason);
        Assert.Equal(SearchReplay.Rebuild(events).Nodes.First(node => node.Judgement is { Accepted: true }).Number, events.Finish().Node);
    }

    [Fact]
    public async Task A_program_that_passes_ends_the_search_even_if_compiling_is_worth_as_much()
    {
        var model = new ScriptedModel(0, 2, 4);
        var events = await Searching.RunAsync(new SearchOptions { CompileWeight = 1 }, new SearchBudget(), model);
        Assert.Equal((StopReason.Passed, "program 2", 1.0), (events.Finish().Reason, events.Finish().Program, events.Finish().Value));
        Assert.Equal(events.Finish().Node, SearchReplay.Rebuild(events).Best?.Number);
    }

    [Fact]
    public async Task The_fast_answer_is_greedy_and_comes_first()
    {
        var model = new ScriptedModel(4);
        var events = await Searching.RunAsync(new SearchOptions(), new SearchBudget(), model);
        var only = Assert.Single(model.Asked);
        Assert.True(only.Greedy);
        Assert.Equal((StepAction.Code, 1), (only.Action, only.Count));
        Assert.Equal(1, events.Finish().Node);

        var without = new ScriptedModel(4);
        await Searching.RunAsync(new SearchOptions { FastAnswer = false }, new SearchBudget(), without);
        Assert.DoesNotContain(without.Asked, asked => asked.Greedy);
    }

    [Fact]
    public async Task Equal_programs_are_judged_once_and_still_count_as_visits()
    {
        var model = new ScriptedModel(1) { ProgramText = number => $"program {number / 4}" };
        var events = await Searching.RunAsync(new SearchOptions(), new SearchBudget { Rollouts = 20 }, model);
        Assert.Equal(model.Judged.Distinct().Count(), model.Judged.Count);
        Assert.True(model.Judged.Count < 20);
        Assert.Equal(20, SearchReplay.Rebuild(events).Root.Visits);
        Assert.Contains(events.OfType<ProgramJudged>(), judged => judged.Reused);
    }

    [Fact]
    public async Task A_program_that_the_judge_could_not_judge_gets_no_value_and_no_visit()
    {
        var model = new ScriptedModel(4, 1) { Excludes = program => program == "program 0" };
        var events = await Searching.RunAsync(new SearchOptions(), new SearchBudget { Rollouts = 6 }, model);
        var tree = SearchReplay.Rebuild(events);
        var excluded = tree.Nodes.Single(node => node.Judgement is { Excluded: true });
        Assert.Equal((0, 0.0), (excluded.Visits, excluded.ValueSum));
        Assert.Null(excluded.OwnValue);
        Assert.NotEqual(excluded, tree.Best);
        Assert.Equal(events.OfType<RolloutFinished>().Count(), tree.Root.Visits);
    }

    [Fact]
    public async Task A_judge_that_never_judges_ends_with_no_program()
    {
        var model = new ScriptedModel(4) { Excludes = _ => true };
        var events = await Searching.RunAsync(new SearchOptions(), new SearchBudget { Rollouts = 5 }, model);
        Assert.Equal((null, null, 0.0), (events.Finish().Node, events.Finish().Program, events.Finish().Value));
        Assert.Empty(events.OfType<RolloutFinished>());
    }

    [Fact]
    public async Task The_paper_s_order_is_structure_then_refinements_then_code()
    {
        var options = new SearchOptions { Plan = ActionPlan.Paper, FastAnswer = false, MaxDepth = 4 };
        var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 40 }, new ScriptedModel(0, 1));
        foreach (var node in SearchReplay.Rebuild(events).Nodes.Skip(1))
        {
            var expected = node.Depth == 1 ? [StepAction.DefineStructure]
                : node.Depth == 4 ? new[] { StepAction.Code }
                : [StepAction.Refine, StepAction.Code];
            Assert.Contains(node.Action, expected);
        }
    }

    [Fact]
    public async Task Programs_come_before_thoughts_so_few_are_written_and_never_run()
    {
        async Task<int> NeverRunAsync(bool programsFirst)
        {
            var never = 0;
            for (var seed = 0UL; seed < 40; seed++)
            {
                var model = new ScriptedModel(0, 1, 2);
                var options = new SearchOptions { ProgramsFirst = programsFirst, Seed = seed };
                var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 8 }, model);
                never += events.OfType<NodeAdded>().Count(node => node.Terminal) - model.Judged.Count;
            }

            return never;
        }

        var first = await NeverRunAsync(programsFirst: true);
        var random = await NeverRunAsync(programsFirst: false);
        Assert.True(10 * first < 7 * random, $"{first} against {random} of 320");
    }

    [Fact]
    public async Task A_path_that_ends_at_the_depth_limit_without_a_program_is_worth_0()
    {
        var plan = ActionPlan.Paper with { Step = [StepAction.Refine], StepWidening = [StepAction.Refine], CodeAtDepthLimit = false };
        var options = new SearchOptions { Plan = plan, FastAnswer = false, MaxDepth = 2 };
        var events = await Searching.RunAsync(options, new SearchBudget { Rollouts = 5 }, new ScriptedModel(4));
        Assert.All(events.OfType<RolloutFinished>(), rollout => Assert.Equal((3, 0.0), (rollout.Path.Count, rollout.Value)));
        Assert.Null(events.Finish().Program);
    }

    [Fact]
    public async Task Children_of_one_action_are_asked_for_in_one_request_with_a_seed_of_their_own()
    {
        var model = new ScriptedModel(0);
        await Searching.RunAsync(new SearchOptions { Seed = 7 }, new SearchBudget { Rollouts = 30 }, model);
        Assert.Equal(model.Asked.Count, model.Asked.Select(asked => asked.Seed).Distinct().Count());
        Assert.Equal([(StepAction.Code, 1), (StepAction.Code, 2), (StepAction.DefineStructure, 1)],
            model.Asked.Take(3).Select(asked => (asked.Action, asked.Count)));
        Assert.All(model.Asked, asked => Assert.Equal(0, asked.Path[0].Number));
        Assert.All(model.Asked.Where(asked => asked.Node.Parent is not null), asked => Assert.IsType<ulong>(asked.Node.Carry));
    }

    [Fact]
    public async Task A_spent_token_budget_starts_no_new_rollout()
    {
        var events = await Searching.RunAsync(new SearchOptions(), new SearchBudget { Tokens = 25 }, new ScriptedModel(0));
        var tree = SearchReplay.Rebuild(events);
        Assert.Equal(2, tree.Rollouts);
        Assert.True(tree.Tokens >= 25);
        Assert.Equal(StopReason.BudgetSpent, events.Finish().Reason);
    }

    [Fact]
    public async Task A_stopped_search_answers_with_the_best_so_far()
    {
        using var stop = new CancellationTokenSource();
        var model = new ScriptedModel(1, 2, 0, 0) { OnJudge = count => { if (count == 4) { stop.Cancel(); } } };
        var events = await Searching.RunAsync(new SearchOptions(), new SearchBudget { Stop = stop.Token }, model);
        Assert.Equal(StopReason.BudgetSpent, events.Finish().Reason);
        Assert.Equal(0.55, events.Finish().Value, tolerance: 1e-12);
        Assert.Equal(4, SearchReplay.Rebuild(events).ProgramsJudged);
    }

    [Fact]
    public async Task Greedy_tries_one_program_and_sample_tries_as_many_as_rollouts()
    {
        var greedy = new ScriptedModel(0);
        var events = await Searching.RunAsync(
            new SearchOptions { Method = "greedy" }, new SearchBudget(), greedy);
        Assert.True(Assert.Single(greedy.Asked).Greedy);
        Assert.Single(events.OfType<RolloutFinished>());

        var sample = new ScriptedModel(0);
        events = await Searching.RunAsync(
            new SearchOptions { Method = "sample" }, new SearchBudget { Rollouts = 20 }, sample);
        Assert.Equal(20, sample.Judged.Count);
        Assert.Equal([8, 8, 4], sample.Asked.Select(asked => asked.Count));
        Assert.Equal(20, SearchReplay.Rebuild(events).Root.Visits);
    }

    [Fact]
    public async Task An_error_of_the_proposer_passes_through()
    {
        var model = new ScriptedModel(0) { ProgramText = number => number < 3 ? $"program {number}" : throw new IOException("gone") };
        var events = new List<SearchEvent>();
        var error = await Assert.ThrowsAsync<IOException>(() => Searching.RunIntoAsync(
            events, new SearchOptions(), new SearchBudget(), model, TestContext.Current.CancellationToken));
        Assert.Equal("gone", error.Message);
        Assert.True(SearchReplay.Rebuild(events).Rollouts > 0);
    }
}
