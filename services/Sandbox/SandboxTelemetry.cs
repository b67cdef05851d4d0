using System.Diagnostics;
using System.Diagnostics.Metrics;
using O1Coder.V1;

namespace O1Coder.Sandbox;

/// <summary>What the sandbox measures of itself, under the name <c>O1Coder.Sandbox</c>.</summary>
internal sealed class SandboxTelemetry : IDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "O1Coder.Sandbox";

    private readonly Meter _meter;
    private readonly Counter<long> _runs;
    private readonly Histogram<double> _runTime;
    private readonly Histogram<double> _queueTime;

    /// <summary>Makes the instruments.</summary>
    public SandboxTelemetry(IMeterFactory factory, Admission admission)
    {
        _meter = factory.Create(Name);
        _runs = _meter.CreateCounter<long>("o1coder.sandbox.runs", "{run}", "Runs of a test, by verdict.");
        _runTime = _meter.CreateHistogram<double>("o1coder.sandbox.run.duration", "s", "From taking a box to its facts.");
        _queueTime = _meter.CreateHistogram<double>("o1coder.sandbox.queue.duration", "s", "Waiting for a box.");
        _meter.CreateObservableGauge("o1coder.sandbox.queue.depth", () => admission.Waiting, "{test}", "Tests that wait for a box now.");
        _meter.CreateObservableGauge("o1coder.sandbox.requests", () => admission.Requests, "{request}", "Calls under way or waiting now.");
    }

    /// <summary>The source of one activity a run.</summary>
    public ActivitySource Activities { get; } = new(Name);

    /// <summary>Counts a run.</summary>
    public void Record(Verdict verdict, TimeSpan queued, TimeSpan run)
    {
        var tag = new KeyValuePair<string, object?>("verdict", verdict.ToString());
        _runs.Add(1, tag);
        _runTime.Record(run.TotalSeconds, tag);
        _queueTime.Record(queued.TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        Activities.Dispose();
    }
}
