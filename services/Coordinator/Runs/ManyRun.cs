using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// A run over many problems: workers take the problem with the largest expected gain, have its search carried on by a grant of
/// rollouts, and give it back, until the budget is spent or every problem is done with. What has become of a problem is in the
/// run's log before anybody is told, so a run that is taken up again neither answers a problem twice nor forgets one; and of
/// each problem no more than its place and its standing is kept in memory.
/// </summary>
internal sealed class ManyRun : IDisposable
{
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromSeconds(1);

    private readonly ManyFolder _folder;
    private readonly ManyPlan _plan;
    private readonly IProblemWork _work;
    private readonly TimeProvider _clock;
    private readonly ChannelWriter<V1.SolveManyResponse> _output;
    private readonly IReadOnlyDictionary<string, long> _places;
    private readonly ExpectedGainAllocator _allocator;
    private readonly Dictionary<string, Standing> _standings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly List<V1.ManyStep> _steps = [];
    private readonly List<V1.ProblemAnswered> _before = [];
    private readonly Lock _lock = new();
    private readonly ManyLog _log;
    private readonly double _spent;
    private readonly long _began;
    private TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _tokens;
    private int _solved;
    private int _running;

    /// <summary>Opens a run, new or broken off.</summary>
    /// <exception cref="InvalidDataException">Its log is damaged.</exception>
    public ManyRun(
        ManyFolder folder, ManyPlan plan, IProblemWork work, TimeProvider clock, ChannelWriter<V1.SolveManyResponse> output)
    {
        (_folder, _plan, _work, _clock, _output) = (folder, plan, work, clock, output);
        _places = folder.ReadPlaces();
        _began = clock.GetTimestamp();
        var spent = 0.0;
        _log = ManyLog.Open(
            folder.LogPath, Note, Recall, seconds => spent = Math.Max(spent, seconds));
        _spent = spent;
        _allocator = new ExpectedGainAllocator(plan.Budget);
        foreach (var problem in _places.Keys)
        {
            _allocator.Add(problem, _standings.GetValueOrDefault(problem), _answered.Contains(problem));
        }
    }

    private double Seconds => _spent + _clock.GetElapsedTime(_began).TotalSeconds;

    /// <summary>Runs it to its end and writes its events.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the run can be taken up again.</exception>
    /// <exception cref="RpcException">A service failed for good; the run can be taken up again.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await TellAsync(
            new V1.SolveManyResponse
            {
                Started = new V1.ManyStarted
                {
                    RunId = _folder.RunId,
                    Folder = _folder.Path,
                    Problems = _places.Count,
                    Answered = _answered.Count,
                },
            },
            cancellationToken);
        foreach (var one in _before)
        {
            await TellAsync(new V1.SolveManyResponse { Answered = one }, cancellationToken);
        }

        _before.Clear();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_plan.Request.Budget?.Seconds is > 0 and var limit)
        {
            time.CancelAfter(TimeSpan.FromSeconds(Math.Max(0, limit - _spent)));
        }

        await ShareAsync(time.Token, cancellationToken);
        await CloseAsync(cancellationToken);
        var totals = Standing();
        await TellAsync(
            new V1.SolveManyResponse
            {
                Finished = new V1.ManyFinished
                {
                    Totals = totals,
                    Problems = _places.Count,
                    TokensASolved = totals.Solved == 0 ? 0 : (double)totals.Tokens / totals.Solved,
                    Steps = { _steps },
                },
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _log.Dispose();

    private async Task ShareAsync(CancellationToken time, CancellationToken cancellationToken)
    {
        using var others = CancellationTokenSource.CreateLinkedTokenSource(time);
        await using var reports = _clock.CreateTimer(_ => Report(), null, s_reportInterval, s_reportInterval);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(_plan.Parallel, _places.Count)).Select(async _ =>
            {
                try
                {
                    await WorkAsync(others.Token);
                }
                catch
                {
                    await others.CancelAsync();
                    throw;
                }
            }));
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The run's time is up: what was found is told.
            Report();
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            string? problem;
            Task returned;
            lock (_lock)
            {
                problem = _allocator.Next();
                returned = _returned.Task;
                if (problem is null && _running == 0)
                {
                    return;
                }

                _running += problem is null ? 0 : 1;
            }

            if (problem is null)
            {
                // Somebody else's problem may come back unsolved, or leave some of the budget.
                await returned.WaitAsync(cancellationToken);
                continue;
            }

            await GrantAsync(problem, cancellationToken);
        }
    }

    private async Task GrantAsync(string problem, CancellationToken cancellationToken)
    {
        try
        {
            Standing before;
            lock (_lock)
            {
                before = _standings.GetValueOrDefault(problem);
            }

            var rollouts = Math.Min(_plan.Budget.RolloutsEach, before.Rollouts + _plan.Budget.Grant);
            await TakeAsync(problem, await SearchAsync(problem, before, rollouts, cancellationToken), cancellationToken);
        }
        finally
        {
            TaskCompletionSource returned;
            lock (_lock)
            {
                _running--;
                (returned, _returned) = (_returned, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            returned.SetResult();
        }
    }

    // A problem that cannot be searched is answered so; a service that is away ends the run, which can be taken up again.
    private async Task<GrantResult> SearchAsync(string problem, Standing before, int rollouts, CancellationToken cancellationToken)
    {
        try
        {
            return await _work.GrantAsync(
                _folder.RunId, problem, _places[problem], rollouts, rollouts == _plan.Budget.RolloutsEach, cancellationToken);
        }
        catch (RpcException error) when (error.StatusCode is not (
            StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded or StatusCode.Cancelled))
        {
            var answer = new V1.ProblemAnswered { ProblemId = problem, Outcome = V1.Outcome.BudgetSpent, Error = error.Status.Detail };
            return new GrantResult(before.Rollouts, before.Tokens, before.SandboxRuns, before.BestValue, before.Passed, answer.ToByteArray());
        }
    }

    // Problems that got nothing, or not enough, are answered with the best that there is.
    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        foreach (var (problem, place) in _places)
        {
            if (!_answered.Contains(problem))
            {
                var standing = _standings.GetValueOrDefault(problem);
                var result = standing.Rollouts == 0
                    ? null
                    : await _work.GrantAsync(_folder.RunId, problem, place, standing.Rollouts, last: true, cancellationToken);
                var answer = result?.Answer is { } bytes
                    ? V1.ProblemAnswered.Parser.ParseFrom(bytes)
                    : new V1.ProblemAnswered { ProblemId = problem, Outcome = V1.Outcome.BudgetSpent };
                lock (_lock)
                {
                    Keep(answer);
                }

                await TellAsync(new V1.SolveManyResponse { Answered = answer }, cancellationToken);
            }
        }
    }

    private async Task TakeAsync(string problem, GrantResult result, CancellationToken cancellationToken)
    {
        var answer = result.Answer is null ? null : V1.ProblemAnswered.Parser.ParseFrom(result.Answer);
        lock (_lock)
        {
            _log.Append(problem, result.Standing, Seconds);
            Note(problem, result.Standing);
            _allocator.Report(problem, result.Standing, answer is not null);
            if (answer is not null)
            {
                Keep(answer);
            }
        }

        if (answer is not null)
        {
            await TellAsync(new V1.SolveManyResponse { Answered = answer }, cancellationToken);
        }
    }

    private void Note(string problem, Standing standing)
    {
        _tokens += standing.Tokens - _standings.GetValueOrDefault(problem).Tokens;
        _standings[problem] = standing;
    }

    private void Keep(V1.ProblemAnswered answer)
    {
        _log.Append(answer, Seconds);
        Count(answer, Seconds);
    }

    private void Recall(V1.ProblemAnswered answer)
    {
        _before.Add(answer);
        Count(answer, 0);
    }

    private void Count(V1.ProblemAnswered answer, double seconds)
    {
        if (_answered.Add(answer.ProblemId) && answer.Outcome == V1.Outcome.Solved)
        {
            _solved++;
            _steps.Add(new V1.ManyStep
            {
                Solved = _solved,
                Tokens = _tokens,
                Seconds = seconds,
            });
        }
    }

    private V1.ManyProgress Standing()
    {
        lock (_lock)
        {
            var spent = _allocator.Spent;
            return new V1.ManyProgress
            {
                Answered = _answered.Count,
                Solved = _solved,
                Running = _running,
                Rollouts = spent.Rollouts,
                Tokens = spent.Tokens,
                Seconds = Seconds,
            };
        }
    }

    // Whoever does not keep up misses progress, never an answer.
    private void Report() => _output.TryWrite(new V1.SolveManyResponse { Progress = Standing() });

    private ValueTask TellAsync(V1.SolveManyResponse one, CancellationToken cancellationToken) => _output.WriteAsync(one, cancellationToken);
}
