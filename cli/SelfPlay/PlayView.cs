using System.Collections.Immutable;
using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>A run as this side knows it. Each event gives a new one.</summary>
internal sealed record PlayView
{
    /// <summary>The first event; null before it.</summary>
    public RunStarted? Started { get; init; }

    /// <summary>The step in work; null between steps.</summary>
    public StepStarted? Step { get; init; }

    /// <summary>Where it stands; null before it said so.</summary>
    public StepProgress? Progress { get; init; }

    /// <summary>The losses of the step in work, in order.</summary>
    public ImmutableArray<double> Losses { get; init; } = [];

    /// <summary>Steps that are done.</summary>
    public ImmutableArray<StepDone> Done { get; init; } = [];

    /// <summary>The last event; null before it.</summary>
    public RunFinished? Finished { get; init; }

    /// <summary>Tokens generated so far.</summary>
    public long Tokens => Done.Sum(step => step.GeneratedTokens) + (Progress?.GeneratedTokens ?? 0);

    /// <summary>The view after one more event.</summary>
    public PlayView Apply(PlayResponse one) => one.EventCase switch
    {
        PlayResponse.EventOneofCase.Started => this with { Started = one.Started },
        PlayResponse.EventOneofCase.StepStarted => this with { Step = one.StepStarted, Progress = null, Losses = [] },
        PlayResponse.EventOneofCase.Progress => this with
        {
            Progress = one.Progress,
            Losses = one.Progress.HasLoss ? Losses.Add(one.Progress.Loss) : Losses,
        },
        PlayResponse.EventOneofCase.StepDone => this with { Done = Done.Add(one.StepDone), Step = null, Progress = null, Losses = [] },
        PlayResponse.EventOneofCase.Finished => this with { Finished = one.Finished },
        _ => this,
    };
}
