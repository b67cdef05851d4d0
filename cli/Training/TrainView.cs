using O1Coder.V1;

namespace O1Coder.Cli.Training;

/// <summary>A job as it is known here.</summary>
/// <param name="Job">What was asked for.</param>
internal sealed record TrainView(TrainJob Job)
{
    /// <summary>Losses that the curve shows at most.</summary>
    private const int MostLosses = 1000;

    /// <summary>Whether the Trainer has taken the job on.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>What the Trainer says it does.</summary>
    public string Activity { get; init; } = "submitting";

    /// <summary>The last step; null before the first.</summary>
    public TrainingStep? Step { get; init; }

    /// <summary>The losses of the last steps.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];

    /// <summary>How the job ended; null before.</summary>
    public JobEnded? Ended { get; init; }

    /// <summary>The job with an event more.</summary>
    public TrainView Apply(WatchResponse response) => response.EventCase switch
    {
        WatchResponse.EventOneofCase.Activity => this with { Activity = response.Activity },
        WatchResponse.EventOneofCase.Step => this with
        {
            Step = response.Step,
            Activity = "training",
            Losses = [.. Losses.TakeLast(MostLosses - 1), response.Step.Loss],
        },
        WatchResponse.EventOneofCase.Ended => this with { Ended = response.Ended },
        _ => this,
    };
}
