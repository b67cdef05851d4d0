using CsCheck;
using O1Coder.Inference.Scheduling;

namespace O1Coder.Inference.Tests;

/// <summary>Who goes first, for how long the others wait, and what a caller is told that is refused.</summary>
public sealed class FairQueueTests
{
    [Fact]
    public void Priorities_go_first_then_callers_in_turn_then_requests_in_their_order()
    {
        var queue = new FairQueue(100);
        var jobs = new[]
        {
            Job(RequestPriority.Low, "z"), Job(RequestPriority.Normal, "a"), Job(RequestPriority.Normal, "a"),
            Job(RequestPriority.Normal, "b"), Job(RequestPriority.High, "c"), Job(RequestPriority.Normal, null), Job(RequestPriority.Normal, ""),
        };
        foreach (var job in jobs)
        {
            queue.Add(job);
        }

        Assert.Equal(new[] { 4, 1, 3, 5, 2, 6, 0 }.Select(i => jobs[i]), Serve(queue));
        Assert.Null(queue.Next());
    }

    [Fact]
    public void A_request_of_many_turns_lets_others_of_its_caller_go_before_the_rest_of_them()
    {
        var queue = new FairQueue(100);
        var (many, single, last) = (Job(RequestPriority.Normal, "a"), Job(RequestPriority.Normal, "a"), Job(RequestPriority.Normal, "a"));
        foreach (var job in new[] { many, single, last })
        {
            queue.Add(job);
            Assert.True(queue.Open(job));
        }

        for (var turn = 0; turn < FairQueue.TurnsInARow; turn++)
        {
            Assert.True(queue.Before(many, single));
            queue.TakeTurn(many);
        }

        Assert.True(queue.Before(single, many));
        Assert.True(queue.Before(last, many));
        Assert.True(queue.Before(single, last));
    }

    [Fact]
    public void A_lower_priority_waits_for_so_many_turns_and_no_more()
    {
        var queue = new FairQueue(1000);
        var (low, normal) = (Job(RequestPriority.Low, "z"), Job(RequestPriority.Normal, "y"));
        queue.Add(low);
        queue.Add(normal);
        for (var i = 0; i < 100; i++)
        {
            queue.Add(Job(RequestPriority.High, $"{i % 3}"));
        }

        var order = Serve(queue).ToList();
        Assert.Equal(FairQueue.Patience, order.IndexOf(normal));
        Assert.InRange(order.IndexOf(low), FairQueue.Patience + 1, FairQueue.Patience + 2);
    }

    // However callers come and go: of two that always want something, neither takes two turns more than the other.
    [Fact]
    public void Callers_of_a_priority_take_turns()
    {
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3].Array[1, 60]).Sample((callers, arrivals) =>
        {
            var queue = new FairQueue(1000);
            var served = new int[callers];
            foreach (var caller in Enumerable.Range(0, callers).SelectMany(caller => Enumerable.Repeat(caller, 40)))
            {
                queue.Add(Job(RequestPriority.Normal, $"{caller}"));
            }

            foreach (var arrival in arrivals)
            {
                queue.Add(Job(RequestPriority.Normal, $"other {arrival}"));
                while (queue.Next() is { } job)
                {
                    Take(queue, job);
                    if (int.TryParse(job.Ticket.Caller, out var caller))
                    {
                        served[caller]++;
                        break;
                    }
                }

                Assert.InRange(served.Max() - served.Min(), 0, 1);
            }
        });
    }

    [Fact]
    public void What_is_parked_waits_where_it_stood()
    {
        var queue = new FairQueue(10);
        var (first, second) = (Job(RequestPriority.Normal, "a"), Job(RequestPriority.Normal, "b"));
        queue.Add(first);
        queue.Add(second);
        Assert.True(queue.Open(first));
        Assert.Same(second, queue.Next());
        queue.Park(first);
        Assert.Same(first, queue.Next());
        Assert.True(queue.Remove(first));
        Assert.False(queue.Remove(first));
        Assert.False(queue.Open(first));
        Assert.Same(second, queue.Next());
        queue.Leave(first);
        Assert.Equal([second], queue.Rest());
    }

    [Fact]
    public void A_full_queue_says_when_to_come_back_and_tells_each_another_time()
    {
        var queue = new FairQueue(2);
        queue.Add(Job(RequestPriority.Low, "a"));
        queue.Add(Job(RequestPriority.Normal, "b"));
        var first = Assert.Throws<EngineBusyException>(() => queue.Add(Job(RequestPriority.High, "c")));
        var second = Assert.Throws<EngineBusyException>(() => queue.Add(Job(RequestPriority.High, "c")));
        Assert.Contains("2 requests are waiting", first.Message, StringComparison.Ordinal);
        Assert.InRange(first.RetryAfter, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        Assert.True(second.RetryAfter > first.RetryAfter, $"{first.RetryAfter}, then {second.RetryAfter}");

        Take(queue, queue.Next()!);
        queue.Add(Job(RequestPriority.High, "c"));
        queue.Close();
        Assert.Throws<ObjectDisposedException>(() => queue.Add(Job(RequestPriority.High, "c")));
    }

    private static IEnumerable<Job> Serve(FairQueue queue)
    {
        while (queue.Next() is { } job)
        {
            yield return job;
            Take(queue, job);
        }
    }

    private static void Take(FairQueue queue, Job job)
    {
        Assert.True(queue.Open(job));
        queue.TakeTurn(job);
        queue.Leave(job);
    }

    private static LabelJob Job(RequestPriority priority, string? caller) => new([1], [0], [1], null, new QueueTicket(priority, caller));
}
