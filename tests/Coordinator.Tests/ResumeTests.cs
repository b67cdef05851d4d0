using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

/// <summary>A search that was broken off anywhere comes to the tree of the undisturbed one.</summary>
public sealed class ResumeTests
{
    private const int Points = 40;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static V1.SolveRequest Request(int inFlight)
    {
        var request = Programs.Request(rollouts: 12);
        request.Options.InFlight = inFlight;
        return request;
    }

    private static Task<CoordinatorHost> StartAsync(bool resume = false) => CoordinatorHost.StartAsync(
        change: options => options with { Resume = resume, MemoryCacheBytes = 1, ResumeInterval = TimeSpan.FromMilliseconds(50) });

    private static async Task<(V1.SearchFinished Finished, byte[] Log, byte[] Request, IReadOnlyList<V1.SolveResponse> Events)> UndisturbedAsync(
        V1.SolveRequest request, CoordinatorHost host)
    {
        host.Policy.Answer = Programs.Steps(Programs.Failing);
        var finished = (await host.SolveAsync(request))[^1].Finished;
        var folder = Path.GetDirectoryName(finished.LogPath)!;
        var log = await File.ReadAllBytesAsync(finished.LogPath, Token);
        var kept = await File.ReadAllBytesAsync(Path.Combine(folder, "request.json"), Token);
        var events = EventLog.Read(finished.LogPath).Events;
        Remove(folder);
        return (finished, log, kept, events);
    }

    // A coordinator that looks for broken-off searches makes the file "lock" again in a folder that is being emptied: the folder
    // leaves its sight first.
    private static void Remove(string folder)
    {
        var away = Directory.CreateTempSubdirectory("o1coder-removed-").FullName;
        Directory.Move(folder, Path.Combine(away, "search"));
        Directory.Delete(away, recursive: true);
    }

    private static string Put(string runs, string id, byte[] request, ReadOnlySpan<byte> log)
    {
        var folder = Path.Combine(runs, id);
        if (Directory.Exists(folder))
        {
            Remove(folder);
        }

        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "events.jsonl"), log);
        File.WriteAllBytes(Path.Combine(folder, "request.json"), request);
        return Path.Combine(folder, "events.jsonl");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_log_that_breaks_off_at_any_byte_goes_on_to_the_same_tree(int inFlight)
    {
        await using var host = await StartAsync();
        var (finished, log, request, events) = await UndisturbedAsync(Request(inFlight), host);
        var id = Path.GetFileName(Path.GetDirectoryName(finished.LogPath)!);
        var random = new Random(inFlight);
        var ends = Enumerable.Range(0, log.Length).Where(i => log[i] == '\n').Select(i => i + 1).ToList();
        Assert.True(ends.Count >= 40, $"{ends.Count} lines");

        // Half of the points behind a whole line, half inside one; besides nothing, the first event alone, and the whole.
        var points = Enumerable.Range(0, Points).Select(i => ends[i * (ends.Count - 1) / (Points - 1)])
            .Select((end, i) => i % 2 == 0 ? end : end - random.Next(1, 60)).Concat([0, ends[1], log.Length]).ToList();
        var kinds = new HashSet<V1.SolveResponse.EventOneofCase>();
        foreach (var point in points)
        {
            var path = Put(host.Runs, id, request, log.AsSpan(0, point));
            var known = EventLog.Read(path);
            kinds.Add(known.Events.Count == 0 ? V1.SolveResponse.EventOneofCase.None : known.Events[^1].EventCase);
            var told = (await host.SolveAsync(new V1.SolveRequest { ResumeSearchId = id })).Where(one => one.Progress is null).ToList();
            Assert.Equal(finished.TreeHash, told[^1].Finished.TreeHash);
            Assert.Equal(events.Count, told.Count);
            Assert.Equal(Enumerable.Range(1, events.Count), told.Select(one => (int)one.Sequence));

            var whole = EventLog.Read(path);
            Assert.Equal((events.Count, false), (whole.Events.Count, whole.TornTail));
            Assert.Equal(finished.TreeHash, whole.Rebuild().ComputeHash());
        }

        Assert.Superset(
            new HashSet<V1.SolveResponse.EventOneofCase>
            {
                V1.SolveResponse.EventOneofCase.None, V1.SolveResponse.EventOneofCase.Started, V1.SolveResponse.EventOneofCase.NodeAdded,
                V1.SolveResponse.EventOneofCase.ProgramJudged, V1.SolveResponse.EventOneofCase.RolloutFinished, V1.SolveResponse.EventOneofCase.Finished,
            },
            kinds);
    }

    [Fact]
    public async Task What_the_log_holds_is_asked_nobody_again()
    {
        await using var host = await StartAsync();
        var (finished, log, request, events) = await UndisturbedAsync(Request(1), host);
        var id = Path.GetFileName(Path.GetDirectoryName(finished.LogPath)!);
        var withoutLast = log.AsSpan(0, log.AsSpan(0, log.Length - 1).LastIndexOf((byte)'\n') + 1);
        Put(host.Runs, id, request, withoutLast);
        var (calls, runs) = (host.Policy.Calls.Count, host.Sandbox.Requests.Count);
        Assert.Equal(finished.TreeHash, (await host.SolveAsync(new V1.SolveRequest { ResumeSearchId = id }))[^1].Finished.TreeHash);

        // The final judgement alone.
        Assert.Equal((calls, runs + 1), (host.Policy.Calls.Count, host.Sandbox.Requests.Count));
    }

    [Fact]
    public async Task Another_model_is_refused_and_leaves_the_log_to_its_own()
    {
        await using var host = await StartAsync();
        var (finished, log, request, _) = await UndisturbedAsync(Request(1), host);
        var id = Path.GetFileName(Path.GetDirectoryName(finished.LogPath)!);
        Put(host.Runs, id, request, log.AsSpan(0, log.Length / 2));
        host.Policy.Hash = new string('b', 64);
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(new V1.SolveRequest { ResumeSearchId = id }));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains("event 1 of the log is", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(new string('b', 64), error.Status.Detail, StringComparison.Ordinal);

        host.Policy.Hash = ScriptedPolicy.Model.ModelHash;
        Assert.Equal(finished.TreeHash, (await host.SolveAsync(new V1.SolveRequest { ResumeSearchId = id }))[^1].Finished.TreeHash);
    }

    [Theory]
    [InlineData("../x", StatusCode.InvalidArgument, "resume_search_id is '../x'")]
    [InlineData("20260101T000000Z-nothing-abcdef", StatusCode.NotFound, "resume_search_id is '20260101T000000Z-nothing-abcdef'")]
    public async Task A_search_that_is_not_there_is_told(string id, StatusCode status, string message)
    {
        await using var host = await StartAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => host.SolveAsync(new V1.SolveRequest { ResumeSearchId = id }));
        Assert.Equal(status, error.StatusCode);
        Assert.StartsWith(message, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_search_is_watched_as_cancelled_is_not_taken_up_by_itself_and_goes_on_when_asked_for()
    {
        await using var host = await StartAsync(resume: true);
        var undisturbed = await UndisturbedAsync(Request(1), host);
        var reached = new TaskCompletionSource();
        var calls = host.Policy.Calls.Count;
        host.Policy.Before = async (call, context) =>
        {
            if (call == calls + 6)
            {
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
        };
        using var cancel = new CancellationTokenSource();
        using (var solving = host.Client.Solve(Request(1), cancellationToken: cancel.Token))
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
            await cancel.CancelAsync();
        }

        var id = Path.GetFileName(Path.GetDirectoryName(host.LogPath)!);
        var told = new List<V1.SolveResponse>();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using var call = host.Client.WatchSearch(new V1.WatchSearchRequest { SearchId = id }, cancellationToken: Token);
            await foreach (var one in call.ResponseStream.ReadAllAsync(Token))
            {
                told.Add(one.Told);
            }
        });
        Assert.Equal((StatusCode.Cancelled, $"search {id} was cancelled"), (error.StatusCode, error.Status.Detail));
        Assert.Equal(EventLog.Read(host.LogPath).Events, told);
        Assert.Equal("cancelled", EventLog.Read(host.LogPath).End);
        var again = await host.SolveAsync(new V1.SolveRequest { ResumeSearchId = id });
        Assert.Equal(undisturbed.Finished.TreeHash, again[^1].Finished.TreeHash);
    }

    [Theory]
    [InlineData(1, V1.SolveResponse.EventOneofCase.Started, 1)]
    [InlineData(8, V1.SolveResponse.EventOneofCase.NodeAdded, 5)]
    [InlineData(1, V1.SolveResponse.EventOneofCase.ProgramJudged, 4)]
    [InlineData(8, V1.SolveResponse.EventOneofCase.RolloutFinished, 7)]
    public async Task A_coordinator_killed_by_signal_9_takes_its_search_up_at_the_next_start(
        int inFlight, V1.SolveResponse.EventOneofCase kind, int number)
    {
        await using var host = await StartAsync();
        var undisturbed = await UndisturbedAsync(Request(inFlight), host);
        host.Policy.Before = (_, _) => Task.Delay(30, Token);
        var seen = 0;
        await KilledAsync(host, Request(inFlight), undisturbed, one => one.EventCase == kind && ++seen == number);
    }

    // Half a minute and more by itself; run by hand: -explicit only.
    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_coordinator_killed_by_signal_9_at_twenty_points_takes_its_search_up_each_time(int inFlight)
    {
        await using var host = await StartAsync();
        var undisturbed = await UndisturbedAsync(Request(inFlight), host);
        host.Policy.Before = (_, _) => Task.Delay(20, Token);
        var kinds = new HashSet<V1.SolveResponse.EventOneofCase>();
        for (var i = 0; i < 20; i++)
        {
            var point = 1 + (i * (undisturbed.Events.Count - 2) / 19);
            await KilledAsync(host, Request(inFlight), undisturbed, one => (long)one.Sequence == point);
            kinds.Add(undisturbed.Events[point - 1].EventCase);
            Remove(Path.GetDirectoryName(host.LogPath)!);
        }

        Assert.Superset(
            new HashSet<V1.SolveResponse.EventOneofCase>
            {
                V1.SolveResponse.EventOneofCase.Started, V1.SolveResponse.EventOneofCase.NodeAdded,
                V1.SolveResponse.EventOneofCase.ProgramJudged, V1.SolveResponse.EventOneofCase.RolloutFinished,
            },
            kinds);
    }

    private static async Task KilledAsync(
        CoordinatorHost host, V1.SolveRequest request,
        (V1.SearchFinished Finished, byte[] Log, byte[] Request, IReadOnlyList<V1.SolveResponse> Events) undisturbed,
        Func<V1.SolveResponse, bool> isPoint)
    {
        var settings = host.ProcessSettings();
        string id = "";
        await using (var first = await CoordinatorProcess.StartAsync(settings))
        {
            using var call = first.Client.Solve(request, cancellationToken: Token);
            while (await call.ResponseStream.MoveNext(Token))
            {
                var one = call.ResponseStream.Current;
                id = one.Started?.SearchId ?? id;
                Assert.Null(one.Finished);
                if (isPoint(one))
                {
                    await first.KillAsync();
                    break;
                }
            }
        }

        Assert.False(EventLog.Read(host.LogPath).Finished);
        await using var second = await CoordinatorProcess.StartAsync(settings);
        using var watching = second.Client.WatchSearch(new V1.WatchSearchRequest { SearchId = id }, cancellationToken: Token);
        var events = await watching.ResponseStream.ReadAllAsync(Token).Select(one => one.Told).ToListAsync(Token);
        Assert.Equal(undisturbed.Finished.TreeHash, events[^1].Finished.TreeHash);
        var log = EventLog.Read(host.LogPath);
        Assert.Equal((2, events.Count, undisturbed.Events.Count), (log.LeaseNumber, log.Events.Count, log.Events.Count));
    }
}
