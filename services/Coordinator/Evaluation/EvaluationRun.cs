namespace O1Coder.Coordinator;

/// <summary>
/// One run of an evaluation as the outside sees it: what is known, what is missing, and the events. A record is on the
/// disk before it is told.
/// </summary>
internal sealed class EvaluationRun : IDisposable
{
    private readonly EvaluationPlan _plan;
    private readonly EvaluationLog _log;
    private readonly Func<V1.EvaluateResponse, ValueTask> _report;
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly double _workBefore;
    private readonly SemaphoreSlim _recording = new(1);
    private readonly Dictionary<(string Problem, int Sample), EvaluationRecord> _samples = [];
    private readonly Dictionary<string, EvaluationRecord> _tests = new(StringComparer.Ordinal);
    private readonly HashSet<string> _solved = new(StringComparer.Ordinal);
    private double _work;
    private long _tokens;

    /// <summary>Goes on from a log.</summary>
    /// <param name="plan">The evaluation.</param>
    /// <param name="log">Its log, open.</param>
    /// <param name="report">Gets the events.</param>
    /// <param name="clock">The clock.</param>
    public EvaluationRun(EvaluationPlan plan, EvaluationLog log, Func<V1.EvaluateResponse, ValueTask> report, TimeProvider clock)
    {
        (_plan, _log, _report, _clock) = (plan, log, report, clock);
        foreach (var record in log.Records)
        {
            Keep(record);
        }

        Known = _samples.Count;
        _workBefore = _work = log.Records.Select(record => record.WorkSeconds).DefaultIfEmpty(0).Max();
        _began = clock.GetTimestamp();
    }

    /// <summary>Samples in all.</summary>
    public int Total => _plan.Problems.Count * _plan.Samples;

    /// <summary>Samples of earlier runs.</summary>
    public int Known { get; }

    private IReadOnlyList<EvaluatedProblem> WithReferences =>
        [.. _plan.Problems.Where(problem => _plan.Request.MeasureTests && problem.Wire.ReferenceSolutions.Count > 0)];

    /// <summary>Tells what is evaluated, and the samples that are known.</summary>
    public async Task BeginAsync(EvaluationFolder folder, V1.ModelIdentity model)
    {
        await _report(new V1.EvaluateResponse
        {
            Started = new V1.EvaluationStarted
            {
                EvaluationId = folder.Id,
                Folder = folder.Path,
                Model = model,
                Samples = Total,
                KnownSamples = Known,
            },
        });
        foreach (var record in InOrder())
        {
            await _report(new V1.EvaluateResponse { Sample = record.Sample });
        }

        await _report(new V1.EvaluateResponse { Progress = Progress() });
    }

    /// <summary>The samples of a problem that are still to be drawn, ascending.</summary>
    public IReadOnlyList<int> MissingOf(EvaluatedProblem problem) =>
        [.. Enumerable.Range(0, _plan.Samples).Where(sample => !_samples.ContainsKey((problem.Problem.Id, sample)))];

    /// <summary>The problems with reference solutions that no tests were written for yet.</summary>
    public IReadOnlyList<EvaluatedProblem> WithoutTests() => [.. WithReferences.Where(problem => !_tests.ContainsKey(problem.Problem.Id))];

    /// <summary>Hands the verdicts of a problem's known samples to its judge.</summary>
    public void RememberInto(ProblemJudge judge, EvaluatedProblem problem)
    {
        foreach (var record in _log.Records.Where(record => record.Sample is { Program.Length: > 0 } sample && sample.ProblemId == problem.Problem.Id))
        {
            judge.Remember(record.Sample!);
        }
    }

    /// <summary>Keeps a record, then tells it. Safe for concurrent callers.</summary>
    public async Task RecordAsync(EvaluationRecord record, CancellationToken cancellationToken)
    {
        await _recording.WaitAsync(cancellationToken);
        try
        {
            _work = _workBefore + _clock.GetElapsedTime(_began).TotalSeconds;
            record = record with { WorkSeconds = _work };
            _log.Append(record);
            Keep(record);
            if (record.Sample is { } sample)
            {
                CoordinatorTelemetry.EvaluationSamples.Add(1, new KeyValuePair<string, object?>("verdict", sample.Verdict.ToString()));
                await _report(new V1.EvaluateResponse { Sample = sample });
            }

            await _report(new V1.EvaluateResponse { Progress = Progress() });
        }
        finally
        {
            _recording.Release();
        }
    }

    /// <summary>The metrics of a finished evaluation.</summary>
    public V1.EvaluationFinished Finish()
    {
        var finished = new V1.EvaluationFinished { GeneratedTokens = _tokens, Seconds = _work };
        finished.Metrics.AddRange(EvaluationMetrics.Of(_plan, [.. _samples.Values, .. _tests.Values]));
        finished.Verdicts.AddRange(_samples.Values
            .GroupBy(record => record.Sample!.Verdict)
            .OrderBy(group => group.Key)
            .Select(group => new V1.VerdictCount { Verdict = group.Key, Samples = group.Count() }));
        return finished;
    }

    /// <inheritdoc/>
    public void Dispose() => _recording.Dispose();

    // The first of two that tell of the same counts.
    private void Keep(EvaluationRecord record)
    {
        if (record.Sample is { } sample)
        {
            if (_samples.TryAdd((sample.ProblemId, sample.Sample), record))
            {
                _tokens += sample.GeneratedTokens;
                if (sample.Verdict == V1.Verdict.Accepted)
                {
                    _solved.Add(sample.ProblemId);
                }
            }
        }
        else if (_tests.TryAdd(record.TestsOf, record))
        {
            _tokens += record.TestTokens;
        }
    }

    private IEnumerable<EvaluationRecord> InOrder() =>
        _plan.Problems.SelectMany(problem => Enumerable.Range(0, _plan.Samples)
            .Where(sample => _samples.ContainsKey((problem.Problem.Id, sample)))
            .Select(sample => _samples[(problem.Problem.Id, sample)]));

    private V1.EvaluationProgress Progress()
    {
        var done = _samples.Count;
        var seconds = _clock.GetElapsedTime(_began).TotalSeconds;
        var withReferences = WithReferences.Count;
        return new V1.EvaluationProgress
        {
            Done = done,
            Total = Total,
            Solved = _solved.Count,
            SecondsLeft = done > Known ? seconds / (done - Known) * (Total - done) : 0,
            GeneratedTokens = _tokens,
            Activity = done == Total && _tests.Count < withReferences ? $"writing tests: {_tests.Count} of {withReferences} problems" : "",
        };
    }
}
