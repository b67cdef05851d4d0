using O1Coder.Cli.Searching;
using O1Coder.V1;

namespace O1Coder.Cli.Tests;

public sealed class SearchViewTests
{
    internal static SearchView Empty { get; } = new()
    {
        ProblemId = "add",
        Title = "Add two numbers",
        Difficulty = "trivial",
        Method = "o1-coder",
        Seed = 0,
        Budget = new Budget { Rollouts = 4 },
        VisibleTests = 2,
        HiddenTests = 3,
    };

    internal static SearchView After(IEnumerable<SolveResponse> events) => events.Aggregate(Empty, (view, next) => view.Apply(next));

    [Fact]
    public void A_whole_search_adds_up()
    {
        var view = After(Events.Search(Outcome.Solved));

        Assert.Equal("tiny-coder", view.Model);
        Assert.Equal(7UL, view.Seed);
        Assert.Equal((2, 4, 2, 2), (view.Rollouts, view.Nodes, view.Depth, view.Programs));
        Assert.Equal([3, 2], view.Recent.Select(judged => judged.Node));
        Assert.Equal((3, 1.0), (view.Best!.Node, view.BestValue));
        Assert.Equal(0.8, view.CachedShare);
        Assert.Equal(120, view.Tokens);
        Assert.Equal("def add(a, b):\n    return a + b\n", view.Program);
        Assert.Equal(Outcome.Solved, view.Finished!.Outcome);
    }

    [Fact]
    public void Visits_and_values_go_up_the_path()
    {
        var view = After(Events.Search(Outcome.Solved));

        Assert.Equal((2, 0.775), (view.Tree[0].Visits, view.Tree[0].Value!.Value));
        Assert.Equal((2, 0.775), (view.Tree[1].Visits, view.Tree[1].Value!.Value));
        Assert.Equal((1, 0.55), (view.Tree[2].Visits, view.Tree[2].Value!.Value));
        Assert.Equal((1, 1.0), (view.Tree[3].Visits, view.Tree[3].Value!.Value));
        Assert.Equal([1, 3], view.PathTo(3).Select(node => node.Node));
        Assert.Empty(view.PathTo(0));
        Assert.Empty(view.PathTo(99));
    }

    [Fact]
    public void The_first_of_equally_good_programs_stays_the_best()
    {
        var view = After([Events.Judged(1, 1, 2, Verdict.WrongAnswer), Events.Judged(2, 1, 2, Verdict.TimeLimit), Events.Judged(3, 0, 2, Verdict.CompileError)]);
        Assert.Equal(1, view.Best!.Node);
        Assert.Equal(view.Best.Program, view.Program);
    }

    [Fact]
    public void A_program_worth_nothing_is_still_the_best_there_is() =>
        Assert.Equal(1, After([Events.Judged(1, 0, 2, Verdict.CompileError, value: 0)]).Best!.Node);

    [Fact]
    public void A_program_that_the_sandbox_failed_at_is_not_the_best()
    {
        Assert.Null(After([Events.Judged(1, 0, 2, Verdict.InternalError, value: 0)]).Best);
        Assert.Equal(2, After([Events.Judged(1, 0, 2, Verdict.InternalError, value: 0), Events.Judged(2, 0, 2, Verdict.WrongAnswer, value: 0)]).Best!.Node);
    }

    [Fact]
    public void A_program_that_passes_is_the_best_even_if_compiling_is_worth_as_much() =>
        Assert.Equal(2, After([Events.Judged(1, 0, 2, Verdict.WrongAnswer, value: 1), Events.Judged(2, 2, 2, Verdict.Accepted, value: 1)]).Best!.Node);

    [Fact]
    public void Only_the_last_programs_are_kept()
    {
        var view = After(Enumerable.Range(1, 50).Select(node => Events.Judged(node, 0, 2, Verdict.WrongAnswer)));
        Assert.Equal(12, view.Recent.Count);
        Assert.Equal(50, view.Recent[0].Node);
        Assert.Equal(50, view.Programs);
    }

    [Fact]
    public void Applying_an_event_leaves_the_state_before_as_it_was()
    {
        var before = After([Events.Started(), Events.Node(1, 0, StepAction.Code, 1)]);
        var after = before.Apply(Events.Rollout(1, 1, 0, 1));
        Assert.Equal(0, before.Tree[1].Visits);
        Assert.Equal(1, after.Tree[1].Visits);
    }

    [Fact]
    public void Strange_events_change_nothing_and_break_nothing()
    {
        var view = After([new SolveResponse(), Events.Rollout(1, 1, 5, 6), Events.Judged(77, 0, 0, Verdict.Unspecified, value: 0)]);
        Assert.Single(view.Tree);

        // Parents that form a ring.
        var ring = After([Events.Node(1, 2, StepAction.Refine, 1), Events.Node(2, 1, StepAction.Refine, 2)]);
        Assert.InRange(ring.PathTo(2).Length, 0, 3);
    }
}
