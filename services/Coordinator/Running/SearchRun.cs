using System.Threading.Channels;
using O1Coder.Coordinator.Seeing;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>
/// One running search as the outside sees it: its tree, kept by replaying the events, its log and its client. Every
/// event is in the log before the client gets it.
/// </summary>
internal sealed class SearchRun(
    SolvePlan plan, SearchFolder folder, EventLogWriter log, ChannelWriter<V1.SolveResponse> output, ProgressMeter meter, SearchPast past)
{
    private readonly SearchTree _tree = new();
    private V1.SearchStarted? _started;

    // Progress comes from another thread: it stands between the first event and the last, whatever their order there, or
    // before the first while tests are written.
    private readonly Lock _reporting = new();
    private bool _reportable;

    // Replaced as a whole, since progress is reported from another thread.
    private volatile V1.SearchProgress _standing = new() { Nodes = 1 };

    /// <summary>The valid request.</summary>
    public SolvePlan Plan { get; private set; } = plan;

    /// <summary>Where the search's files lie.</summary>
    public SearchFolder Folder => folder;

    /// <summary>Counts the cost.</summary>
    public ProgressMeter Meter => meter;

    /// <summary>What was told before the search was taken up again.</summary>
    public SearchPast Past => past;

    /// <summary>Reports progress from now on, before the first event: tests are being written.</summary>
    public void BeginWritingTests() => SetReportable(true);

    /// <summary>Takes the tests that were written, and keeps them in the folder.</summary>
    public void TakeTests(V1.TcgFinished tests)
    {
        SetReportable(false);
        Plan = Plan.With(tests.Tests);
        folder.WriteTests(tests);
    }

    /// <summary>Emits the first event.</summary>
    public async ValueTask EmitStartedAsync(V1.ModelIdentity model, CancellationToken cancellationToken)
    {
        _started = new V1.SearchStarted
        {
            SearchId = folder.SearchId,
            Folder = folder.Path,
            Model = model,
            Options = Plan.WireOptions,
            Budget = Plan.WireBudget,
            VisibleTests = Plan.Tests.Visible.Count,
            HiddenTests = Plan.Tests.Hidden.Count,
            GeneratedTests = { Plan.GeneratedTests },
        };
        await EmitAsync(new V1.SolveResponse { Started = _started }, cancellationToken);
        SetReportable(true);
    }

    /// <summary>Emits an event of the tree.</summary>
    public async ValueTask EmitAsync(SearchEvent one, CancellationToken cancellationToken)
    {
        using var backup = one is RolloutFinished ? CoordinatorTelemetry.Source.StartActivity("backup") : null;
        _tree.Apply(one);
        if (one is NodeAdded added && past.IsOver)
        {
            CoordinatorTelemetry.Nodes.Add(1, new KeyValuePair<string, object?>("action", added.Action.ToString()));
        }
        else if (one is RolloutFinished rollout && past.IsOver)
        {
            CoordinatorTelemetry.Rollouts.Add(1);
            backup?.SetTag("o1coder.rollout", rollout.Rollout);
            backup?.SetTag("o1coder.value", rollout.Value);
        }

        _standing = new V1.SearchProgress
        {
            Rollouts = _tree.Rollouts,
            BestValue = _tree.Best?.OwnValue ?? 0,
            Nodes = _tree.Nodes.Count,
            Depth = _tree.Depth,
            Programs = _tree.ProgramsJudged,
        };
        await EmitAsync(EventMapping.ToWire(one)!, cancellationToken);
    }

    /// <summary>Writes the trace, then emits the last event, between log and client with the tree as files.</summary>
    /// <param name="end">The end.</param>
    /// <param name="outcome">What the search came to.</param>
    /// <param name="judgement">The returned program's; null without one.</param>
    /// <param name="picture">Whether the tree is written as files too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why the tree could not be written as files; null for no such trouble.</returns>
    public async ValueTask<string?> EmitFinishedAsync(
        SearchFinished end, V1.Outcome outcome, V1.Judgement? judgement, bool picture, CancellationToken cancellationToken)
    {
        var totals = _standing.Clone();
        meter.FillTotals(totals);
        totals.Activity = "";
        var finished = new V1.SearchFinished
        {
            Outcome = outcome,
            Program = end.Program ?? "",
            Node = end.Node ?? 0,
            Value = end.Value,
            Judgement = judgement,
            Totals = totals,
            LogPath = folder.LogPath,
            TracePath = folder.TracePath,
            TreeHash = end.TreeHash,
        };
        SetReportable(false);
        SearchFolder.WriteWhole(folder.TracePath, Trace.Write(Plan, _started!, _tree, finished));
        var last = new V1.SolveResponse { Finished = finished };
        log.Append(last);
        var trouble = picture ? TreeFiles.WriteAtEnd(folder.Path, _tree.Nodes.Count) : null;
        await output.WriteAsync(last, cancellationToken);
        return trouble;
    }

    /// <summary>
    /// Tells the client where the search stands; left out while the client is behind, before the first event (but while
    /// tests are written) and from the last one on.
    /// </summary>
    public void ReportProgress()
    {
        lock (_reporting)
        {
            if (_reportable)
            {
                var progress = _standing.Clone();
                meter.Fill(progress);
                output.TryWrite(new V1.SolveResponse { Progress = progress });
            }
        }
    }

    private void SetReportable(bool reportable)
    {
        lock (_reporting)
        {
            _reportable = reportable;
        }
    }

    private ValueTask EmitAsync(V1.SolveResponse one, CancellationToken cancellationToken)
    {
        if (!past.TryMatch(one))
        {
            log.Append(one);
        }

        return output.WriteAsync(one, cancellationToken);
    }
}
