using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using O1Coder.V1;

namespace O1Coder.Sandbox.Tests;

/// <summary>Many programs in one call.</summary>
public sealed class BatchTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_program_gets_its_results_in_order_and_then_its_response()
    {
        using var call = host.Client.ExecuteBatch(cancellationToken: Token);
        for (var program = 0; program < 12; program++)
        {
            await call.RequestStream.WriteAsync(Item($"p{program}", $"print(int(input()) + {program})", [(1, program + 1), (2, program + 2), (3, program + 3)]), Token);
        }

        await call.RequestStream.CompleteAsync();
        var all = await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
        Assert.Equal(12 * 4, all.Count);
        foreach (var program in all.GroupBy(response => response.Id))
        {
            Assert.Equal([0, 1, 2], program.SkipLast(1).Select(response => response.Test.Index));
            Assert.Equal(program.SkipLast(1).Select(response => response.Test), program.Last().Response.Results);
            Assert.Equal((Verdict.Accepted, 3), (program.Last().Response.Verdict, program.Last().Response.Passed));
        }
    }

    [Fact]
    public async Task What_is_wrong_with_one_program_is_told_of_it_alone()
    {
        var broken = Item("broken", "print(1)", [(1, 1)]);
        broken.Request.Tests.Clear();
        var items = new[] { Item("good", "print(input())", [(7, 7)]), broken, Item("good", "print(2)", [(2, 2)]), Item("", "print(1)", [(1, 1)]), new ExecuteBatchRequest { Id = "empty" } };
        var all = await RunAsync(host, items);
        Assert.Equal(Verdict.Accepted, all.Single(response => response.Response is not null).Response.Verdict);
        var errors = all.Where(response => response.Error is not null).OrderBy(response => response.Id, StringComparer.Ordinal).ToList();
        Assert.Equal(["", "broken", "empty", "good"], errors.Select(response => response.Id));
        Assert.All(errors, response => Assert.Equal((int)StatusCode.InvalidArgument, response.Error.Code));
        Assert.StartsWith("tests is ", errors[1].Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_comes_after_the_first_failure_in_the_order_of_the_request()
    {
        // The second test fails at once, the first takes its time: results are those of one after another.
        var item = Item("p", "import time\nn = int(input())\ntime.sleep(0.3 if n == 1 else 0)\nprint(1)", [(1, 1), (2, 2), (3, 1), (4, 1)]);
        item.Request.StopAtFirstFailure = true;
        var all = await RunAsync(host, [item]);
        Assert.Equal([Verdict.Accepted, Verdict.WrongAnswer], all.SkipLast(1).Select(response => response.Test.Verdict));
        Assert.Equal((2, 1), (all[^1].Response.Results.Count, all[^1].Response.FirstFailure.Index));
    }

    [Fact]
    public async Task Cancelling_the_call_ends_all_of_it()
    {
        await using var own = await SandboxHost.StartAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var launcher = own.Services.GetRequiredService<Launcher>();
        using var call = own.Client.ExecuteBatch(cancellationToken: cancel.Token);
        for (var program = 0; program < 6; program++)
        {
            await call.RequestStream.WriteAsync(Item($"p{program}", "while True: pass", [(1, 1), (2, 2)]), Token);
        }

        Assert.True(LauncherProcesses.WaitFor(launcher.ProcessId, running: true));
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token));
        Assert.True(LauncherProcesses.WaitFor(launcher.ProcessId, running: false));
        Assert.True(SpinWait.SpinUntil(() => own.Services.GetRequiredService<Admission>().Requests == 0, TimeSpan.FromSeconds(10)));
        Assert.Equal(Verdict.Accepted, (await own.StdioAsync("print(1)", "", "1")).Verdict);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_stops_the_call_and_nobody_else()
    {
        await using var own = await SandboxHost.StartAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = own.Client.ExecuteBatch(cancellationToken: cancel.Token);
        var text = new string('x', 1800);
        var sent = 0;
        var writing = Task.Run(async () =>
        {
            for (; sent < 100_000; sent++)
            {
                await call.RequestStream.WriteAsync(Item($"{sent}", $"print('{text}')", [(1, 1), (1, 1)]), cancel.Token);
            }
        }, Token);
        // Until the sandbox takes nothing any more: the windows of the transport and its own queues are full.
        var before = -1;
        while (before != Volatile.Read(ref sent))
        {
            before = Volatile.Read(ref sent);
            await Task.Delay(TimeSpan.FromSeconds(1.5), Token);
        }

        Assert.False(writing.IsCompleted);
        Assert.Equal(Verdict.Accepted, (await own.StdioAsync("print(1)", "", "1")).Verdict);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => writing);
    }

    [Fact]
    public async Task A_call_of_one_program_does_not_wait_for_one_of_many()
    {
        await using var own = await SandboxHost.StartAsync(("Concurrency", 1));
        using var call = own.Client.ExecuteBatch(cancellationToken: Token);
        var many = Enumerable.Range(0, 30).Select(number => (number, number)).ToArray();
        await call.RequestStream.WriteAsync(Item("a", "import time\ntime.sleep(0.02)\nprint(input())", many), Token);
        await call.RequestStream.WriteAsync(Item("b", "print(input())", [(5, 5)]), Token);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(Verdict.Accepted, (await own.StdioAsync("print(1)", "", "1")).Verdict);
        var rest = await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
        // The honest neighbour was done with most of the thirty still to come, and so was the batch's own second program.
        Assert.InRange(rest.Count(response => response is { Id: "a", Test: not null }), 15, 30);
        Assert.InRange(rest.FindIndex(response => response is { Id: "b", Response: not null }), 0, 10);
    }

    private static async Task<List<ExecuteBatchResponse>> RunAsync(SandboxHost host, ExecuteBatchRequest[] items)
    {
        using var call = host.Client.ExecuteBatch(cancellationToken: Token);
        foreach (var item in items)
        {
            await call.RequestStream.WriteAsync(item, Token);
        }

        await call.RequestStream.CompleteAsync();
        return await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
    }

    private static ExecuteBatchRequest Item(string id, string program, (int Given, int Expected)[] tests) => new()
    {
        Id = id,
        Request = new ExecuteRequest
        {
            Language = Language.Python,
            Program = program,
            Tests = { tests.Select(test => new TestCase { Stdio = new StdioTest { Stdin = $"{test.Given}", Stdout = $"{test.Expected}" } }) },
        },
    };
}
