using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

/// <summary>Runs over many problems with one budget.</summary>
public sealed class ManyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal static V1.SolveManyRequest Request(int problems, int grant = 4, int each = 12) => new()
    {
        Problems =
        {
            Enumerable.Range(0, problems).Select(i =>
            {
                var problem = Programs.Problem();
                problem.Id = $"p-{i}";
                problem.Statement = $"Problem {i}: return the sum of two numbers.";
                return problem;
            }),
        },
        Budget = new V1.ManyBudget { Grant = grant, RolloutsEach = each },
        Options = new V1.SearchOptions { Seed = 3 },
        Parallel = 4,
    };

    // Every third problem is solved by its first program, another third never, the rest by chance.
    private static string Answer(string prompt, float temperature, ulong seed, int i)
    {
        var number = int.Parse(prompt[(prompt.IndexOf("Problem ", StringComparison.Ordinal) + 8)..].Split(':')[0]);
        return Programs.Passing((number % 3) switch { 0 => 9, 1 => 0, _ => seed % 6 == 0 ? 9 : 1 }, $"{number}.{seed:x}.{i}");
    }

    [Fact]
    public async Task What_solved_problems_leave_goes_to_the_others_within_one_budget()
    {
        await using var host = await CoordinatorHost.StartAsync();
        host.Policy.Answer = Answer;
        var request = Request(12, grant: 2);
        request.Budget.Rollouts = 60;
        var events = await host.SolveManyAsync(request);
        var started = events[0].Started;
        Assert.Equal((12, 0), (started.Problems, started.Answered));
        var answers = events.Where(one => one.Answered is not null).Select(one => one.Answered).ToList();
        Assert.Equal(12, answers.Select(one => one.ProblemId).Distinct().Count());
        Assert.Equal(12, answers.Count);
        Assert.All(answers.Where(one => int.Parse(one.ProblemId[2..]) % 3 == 0), one =>
        {
            Assert.Equal(V1.Outcome.Solved, one.Outcome);
            Assert.InRange(one.Rollouts, 1, 2);
            Assert.Equal(V1.Verdict.Accepted, one.Judgement.Verdict);
        });

        // Those that are never solved get more than those that are, and no more than is left.
        var finished = events[^1].Finished;
        Assert.All(answers.Where(one => int.Parse(one.ProblemId[2..]) % 3 == 1), one => Assert.Equal(V1.Outcome.BudgetSpent, one.Outcome));
        Assert.Contains(answers, one => one.Rollouts > 2);
        Assert.InRange(finished.Totals.Rollouts, 40, 60);
        Assert.Equal(answers.Count(one => one.Outcome == V1.Outcome.Solved), finished.Totals.Solved);
        Assert.Equal(finished.Totals.Solved, finished.Steps.Count);
        Assert.Equal((double)finished.Totals.Tokens / finished.Totals.Solved, finished.TokensASolved, 6);
    }

    [Fact]
    public async Task A_run_that_is_broken_off_goes_on_by_its_name_and_answers_nothing_twice()
    {
        await using var host = await CoordinatorHost.StartAsync(change: options => options with { Resume = false });
        host.Policy.Answer = Answer;
        var before = new List<string>();
        string run = "";
        using (var cancel = new CancellationTokenSource())
        using (var call = host.Client.SolveMany(Request(15), cancellationToken: cancel.Token))
        {
            while (before.Count < 4 && await call.ResponseStream.MoveNext(Token))
            {
                run = call.ResponseStream.Current.Started?.RunId ?? run;
                if (call.ResponseStream.Current.Answered is { } one)
                {
                    before.Add(one.ProblemId);
                }
            }

            await cancel.CancelAsync();
        }

        // Its coordinator lets go of it, then it is taken up.
        List<V1.SolveManyResponse> events = [];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (events.Count == 0)
        {
            try
            {
                events = await host.SolveManyAsync(new V1.SolveManyRequest { RunId = run });
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition)
            {
                await Task.Delay(20, patience.Token);
            }
        }

        Assert.True(events[0].Started.Answered >= 4, $"{events[0].Started.Answered} answered");
        var answers = events.Where(one => one.Answered is not null).Select(one => one.Answered.ProblemId).ToList();
        Assert.Equal(15, answers.Distinct().Count());
        Assert.Equal(15, answers.Count);
        Assert.Empty(before.Except(answers));
        var lines = await File.ReadAllLinesAsync(Path.Combine(events[0].Started.Folder, "answers.jsonl"), Token);
        Assert.Equal(15, lines.Count(line => line.Contains("\"answered\"", StringComparison.Ordinal)));

        // Done is done: it is told again and nothing is searched.
        var calls = host.Policy.Calls.Count;
        var again = await host.SolveManyAsync(new V1.SolveManyRequest { RunId = run });
        Assert.Equal((15, events[^1].Finished.Totals.Solved), (again[0].Started.Answered, again[^1].Finished.Totals.Solved));
        Assert.Equal(calls, host.Policy.Calls.Count);
    }

    [Fact]
    public async Task A_torn_last_line_of_the_run_s_log_is_written_again()
    {
        await using var host = await CoordinatorHost.StartAsync(change: options => options with { Resume = false });
        host.Policy.Answer = Answer;
        var events = await host.SolveManyAsync(Request(3));
        var log = Path.Combine(events[0].Started.Folder, "answers.jsonl");
        var whole = await File.ReadAllBytesAsync(log, Token);
        await File.WriteAllBytesAsync(log, whole[..^7], Token);
        var again = await host.SolveManyAsync(new V1.SolveManyRequest { RunId = events[0].Started.RunId });
        Assert.Equal(2, again[0].Started.Answered);
        Assert.Equal(3, again.Count(one => one.Answered is not null));
        Assert.Equal(events[^1].Finished.Totals.Solved, again[^1].Finished.Totals.Solved);

        var damaged = whole.ToArray();
        damaged[20] ^= 1;
        await File.WriteAllBytesAsync(log, damaged, Token);
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveManyAsync(new V1.SolveManyRequest { RunId = events[0].Started.RunId }));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("line 1 of ", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_runs_are_refused_with_the_field_and_leave_nothing_behind()
    {
        await using var host = await CoordinatorHost.StartAsync();
        (string Message, Action<V1.SolveManyRequest> Spoil)[] wrong =
        [
            ("problems is '0'", r => r.Problems.Clear()),
            ("problems[1].id is 'p-0'", r => r.Problems[1].Id = "p-0"),
            ("problems[1].visible_tests is 'empty'", r => r.Problems[1].VisibleTests.Clear()),
            ("problems[0]: problem.statement", r => r.Problems[0].Statement = ""),
            ("problems[0]: options.method is 'x'", r => r.Options.Method = "x"),
            ("budget.tokens is '-1'", r => r.Budget.Tokens = -1),
            ("budget.grant is '1025'", r => r.Budget.Grant = 1025),
            ("parallel is '257'", r => r.Parallel = 257),
            ("run_id is 'many-x'", r => r.RunId = "many-x"),
        ];
        foreach (var (message, spoil) in wrong)
        {
            var request = Request(2);
            spoil(request);
            var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveManyAsync(request));
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.StartsWith(message, error.Status.Detail, StringComparison.Ordinal);
        }

        var missing = await Assert.ThrowsAsync<RpcException>(() => host.SolveManyAsync(new V1.SolveManyRequest { RunId = "many-x" }));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        Assert.Empty(Directory.GetDirectories(host.Runs));
    }
}
