using O1Coder.Inference.Cpu;

namespace O1Coder.Inference.Tests.Cpu;

/// <summary>Which threads compute, told by times that a machine could have.</summary>
public sealed class TeamChoiceTests
{
    private readonly TeamChoice _choice = new();

    [Fact]
    public void Threads_that_never_wait_stay_together()
    {
        Assert.Equal(0, AloneIn(1000, together: 1, alone: 0.1, waiting: 0.01));
    }

    [Fact]
    public void Where_one_alone_is_faster_nearly_all_steps_are_computed_so()
    {
        Assert.InRange(AloneIn(1000, together: 1, alone: 0.7, waiting: 0.4), 850, 990);
    }

    [Fact]
    public void Where_waiting_costs_less_than_the_other_threads_bring_hardly_any_step_is()
    {
        Assert.InRange(AloneIn(1000, together: 1, alone: 1.3, waiting: 0.4), 1, 120);
    }

    [Fact]
    public void When_the_neighbours_are_gone_the_others_are_called_again_within_a_term()
    {
        AloneIn(200, together: 1, alone: 0.7, waiting: 0.4);
        AloneIn(TeamChoice.Term + TeamChoice.Trial, together: 0.5, alone: 0.7, waiting: 0);
        Assert.Equal(0, AloneIn(1000, together: 0.5, alone: 0.7, waiting: 0));
    }

    [Fact]
    public void Steps_of_different_sizes_are_compared_by_their_work()
    {
        // Every other step has sixteen rows: none of them says anything of the threads.
        Assert.InRange(AloneIn(1000, together: 1, alone: 1.3, waiting: 0.4, rows: step => step % 2 == 0 ? 1 : 16), 1, 120);
    }

    private int AloneIn(int steps, double together, double alone, double waiting, Func<int, int>? rows = null)
    {
        var count = 0;
        for (var step = 0; step < steps; step++)
        {
            var size = rows?.Invoke(step) ?? 4;
            var seconds = (_choice.Alone ? alone : together) * (5 + size);
            count += _choice.Alone ? 1 : 0;
            _choice.Add(size, seconds, _choice.Alone ? 0 : waiting * seconds);
        }

        return count;
    }
}
