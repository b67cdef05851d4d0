using O1Coder.Inference.Cpu;

namespace O1Coder.Inference.Tests.Cpu;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Every_chunk_is_done_once_before_the_next_phase_begins(int threads)
    {
        using var team = new WorkerTeam(threads);
        Assert.Equal(threads, team.Threads);
        var done = new int[100];
        for (var phase = 1; phase <= 300; phase++)
        {
            var chunks = phase % done.Length;
            var wrong = 0;
            team.Run(chunks, (chunk, worker) =>
            {
                if (worker < 0 || worker >= threads)
                {
                    Interlocked.Increment(ref wrong);
                }

                Interlocked.Increment(ref done[chunk]);
            });
            Assert.Equal(0, wrong);
            Assert.All(done[..chunks], count => Assert.Equal(1, count));
            Assert.All(done[chunks..], count => Assert.Equal(0, count));
            Array.Clear(done);
        }
    }

    // A thread that is in the middle of a chunk holds up that chunk alone: the caller does all others meanwhile.
    [Fact]
    public void A_phase_waits_for_chunks_and_not_for_threads()
    {
        using var team = new WorkerTeam(3);
        using var all = new CountdownEvent(20);
        team.Run(20, (chunk, worker) =>
        {
            all.Signal();
            if (worker != 0)
            {
                all.Wait(TestContext.Current.CancellationToken);
            }
        });
        Assert.Equal(0, all.CurrentCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_exception_reaches_the_caller_and_the_team_goes_on(int threads)
    {
        using var team = new WorkerTeam(threads);
        for (var i = 0; i < 20; i++)
        {
            var error = Assert.Throws<FormatException>(() => team.Run(8, (chunk, _) =>
            {
                if (chunk == 5)
                {
                    throw new FormatException("five");
                }
            }));
            Assert.Equal("five", error.Message);
            var sum = 0;
            team.Run(8, (chunk, _) => Interlocked.Add(ref sum, chunk));
            Assert.Equal(28, sum);
        }
    }

    [Fact]
    public void Sleeping_threads_wake_up_and_end()
    {
        var used = new bool[4];
        var team = new WorkerTeam(4);
        using var together = new Barrier(4);
        team.Run(4, (_, worker) =>
        {
            // Nobody gets a second chunk before all have their first one.
            together.SignalAndWait(TestContext.Current.CancellationToken);
            used[worker] = true;
        });
        Assert.All(used, Assert.True);
        team.Dispose();
    }
}
