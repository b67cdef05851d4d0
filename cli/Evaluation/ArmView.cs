using System.Collections.Immutable;
using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>All that is known of one arm: a pure fold over its stream of events.</summary>
/// <param name="Name">As in <see cref="EvaluatedArm"/>.</param>
/// <param name="Problems">Its problems, in their order.</param>
internal sealed record ArmView(string Name, ImmutableArray<string> Problems)
{
    /// <summary>The first event; null before it.</summary>
    public EvaluationStarted? Started { get; init; }

    /// <summary>The samples, in the order they came.</summary>
    public ImmutableList<EvaluationSample> Samples { get; init; } = [];

    /// <summary>Where it stands.</summary>
    public EvaluationProgress Progress { get; init; } = new();

    /// <summary>The last event; null before it.</summary>
    public EvaluationFinished? Finished { get; init; }

    /// <summary>The state after an event.</summary>
    public ArmView Apply(EvaluateResponse response) => response.EventCase switch
    {
        EvaluateResponse.EventOneofCase.Started => this with { Started = response.Started },
        EvaluateResponse.EventOneofCase.Sample => this with { Samples = Samples.Add(response.Sample) },
        EvaluateResponse.EventOneofCase.Progress => this with { Progress = response.Progress },
        EvaluateResponse.EventOneofCase.Finished => this with { Finished = response.Finished },
        _ => this,
    };
}
