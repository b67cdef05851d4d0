using O1Coder.Coordinator;
using O1Coder.Coordinator.Tests;
using O1Coder.Problems;
using O1Coder.Search;

namespace O1Coder.Evaluation.Tests;

/// <summary>Evaluations of searches, and what is measured of their trees.</summary>
public sealed class SearchedTests : IDisposable
{
    private readonly TemporaryRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task The_program_that_a_search_returns_counts_and_the_search_sees_the_shown_tests_alone()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Policy.Answer = Programs.Steps((seed, i) => Programs.Passing(2));
        var request = Requests.Of(V1.Strategy.Mcts, problems: 1, samples: 2);
        var events = await host.EvaluateAsync(request);

        // Passing both shown tests ends each search, and two of four tests are not all.
        Assert.Equal([(V1.Verdict.WrongAnswer, 2, 4), (V1.Verdict.WrongAnswer, 2, 4)],
            events.Samples().Select(sample => (sample.Verdict, sample.Passed, sample.Total)));
        Assert.Contains(host.Sandbox.Requests, run => run.Tests.Count == 2);
        Assert.DoesNotContain(events.Finished().Metrics, one => one.Name == "aspr");
    }

    [Fact]
    public async Task Without_hidden_tests_the_search_sees_every_shown_test_and_none_is_held_out()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(9);
        var events = await host.EvaluateAsync(Requests.Of(V1.Strategy.Mcts, problems: 1, visible: 6, hidden: 0));
        Assert.Equal((6, 6), (events.Samples()[0].Passed, events.Samples()[0].Total));
        Assert.Contains("assert add(5, 1) == 6", host.Policy.PromptsSeen[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Searches_of_one_problem_have_different_seeds_and_the_first_is_that_of_Solve()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        await host.EvaluateAsync(Requests.Of(V1.Strategy.Mcts, problems: 1, samples: 3));
        var seeds = Directory.GetDirectories(_runs.Path).Where(one => File.Exists(Path.Combine(one, "events.jsonl")))
            .Select(one => EventLog.Read(Path.Combine(one, "events.jsonl")).Events[0].Started.Options.Seed).ToList();
        Assert.Equal(3, seeds.Distinct().Count());
        Assert.Contains(7UL, seeds);
    }

    [Fact]
    public async Task Aspr_counts_the_last_steps_beside_those_that_pass_whether_the_search_ran_them_or_not()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);

        // The greedy program fails; of the next expansion's two programs one passes everything.
        host.Policy.Answer = Programs.Steps((seed, i) => Programs.Passing(i == 0 ? 0 : 4, $"{seed}.{i}"));
        var events = await host.EvaluateAsync(Requests.Of(V1.Strategy.Mcts, problems: 1));
        var sample = events.Samples()[0];
        var terminal = EventLog.Read(Path.Combine(Directory.GetDirectories(_runs.Path).Single(one => File.Exists(Path.Combine(one, "events.jsonl"))), "events.jsonl"))
            .Events.Count(one => one.NodeAdded is { Terminal: true });
        Assert.Equal((1, terminal, 1), (sample.CorrectPaths, sample.LastStepSamples, sample.LastStepPasses));
        Assert.Equal(1.0 / terminal, events.Finished().Metric("aspr").Value, tolerance: 1e-12);
        Assert.Equal(1, events.Finished().Metric("aspr").Problems);
    }

    [Fact]
    public async Task Last_steps_are_counted_below_every_parent_with_one_that_passes()
    {
        var tree = new SearchTree();
        Add(tree, 1, 0, StepAction.DefineStructure, "1. outline");
        Add(tree, 2, 1, StepAction.Code, "good = 1");
        Add(tree, 3, 1, StepAction.Code, "bad = 1");
        Add(tree, 4, 1, StepAction.Code, "good = 2");
        Add(tree, 5, 0, StepAction.DefineStructure, "1. another");
        Add(tree, 6, 5, StepAction.Code, "bad = 2");
        Add(tree, 7, 0, StepAction.Code, "good = 3");
        Add(tree, 8, 0, StepAction.Code, "bad = 3");
        var asked = new List<string>();
        var view = new ProblemView("", O1Coder.Problems.ProblemMode.Stdio, "", null, []);

        var counts = await LastSteps.OfAsync(tree, view, shownAreTests: true, program =>
        {
            asked.Add(program);
            return Task.FromResult(program.StartsWith("good", StringComparison.Ordinal));
        });

        Assert.Equal(new LastSteps(3, 5, 3), counts);
        Assert.Equal(6, asked.Count);
    }

    [Fact]
    public async Task Steps_are_scored_once_each_and_compared_with_their_values()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Policy.Answer = Programs.Steps((seed, i) => Programs.Passing(i == 0 ? 0 : 4, $"{seed}.{i}"));
        host.Prm.Reward = step => step.Text.StartsWith("# passes 4", StringComparison.Ordinal) ? 0.9 : 0.2;
        var request = Requests.Of(V1.Strategy.Mcts, problems: 2);
        request.MeasureProcessRewards = true;
        var events = await host.EvaluateAsync(request);
        var finished = events.Finished();
        Assert.Equal(1, finished.Metric("prm auc").Value);
        Assert.Equal(1, finished.Metric("prm accuracy").Value);
        Assert.InRange(finished.Metric("prm brier").Value, 0.01, 0.04);
        Assert.InRange(finished.Metric("prm ece").Value, 0.1, 0.2);
        Assert.All(host.Prm.Requests, one => Assert.Empty(one.Problem.ReferenceSolutions));

        // The scores are in the log: asked again, nothing is scored again.
        var scored = host.Prm.Requests.Count;
        Assert.Equal(finished, (await host.EvaluateAsync(request)).Finished());
        Assert.Equal(scored, host.Prm.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Written_tests_are_counted_over_problems_with_references(bool findsNone)
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Tcg.FindsNone = findsNone;
        host.Tcg.Counts = request => request.Problem.Id == "p0"
            ? new V1.TestCounts { Written = 6, Duplicates = 2, Good = 1, WrongOutputs = 2, FormatErrors = 1 }
            : new V1.TestCounts { Written = 4, Good = 3, WrongOutputs = 1 };
        var request = Requests.Of(V1.Strategy.Greedy, problems: 3);
        request.MeasureTests = true;
        request.Problems[0].ReferenceSolutions.Add("# passes 4");
        request.Problems[1].ReferenceSolutions.Add("# passes 4");
        var events = await host.EvaluateAsync(request);
        var rate = events.Finished().Metric("tcg pass rate");
        Assert.Equal((4.0 / 8, 2), (rate.Value, rate.Problems));
        Assert.Equal(["p0", "p1"], host.Tcg.Requests.Select(one => one.Problem.Id).Order());
        Assert.Contains(events, one => one.Progress?.Activity == "writing tests: 1 of 2 problems");

        var again = await host.EvaluateAsync(request);
        Assert.Equal(events.Finished(), again.Finished());
        Assert.Equal(2, host.Tcg.Requests.Count);
    }

    private static void Add(SearchTree tree, int node, int parent, StepAction action, string text) => tree.Apply(new NodeAdded(
        node, parent, action, tree.Nodes[parent].Depth + 1, text, action == StepAction.Code, 1));
}
