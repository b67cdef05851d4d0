namespace O1Coder.Learning.Training;

/// <summary>One step of the optimiser.</summary>
public sealed record TrainingStep : TrainingEvent
{
    /// <summary>The step's number, from 1.</summary>
    public required int Step { get; init; }

    /// <summary>Steps in all.</summary>
    public required int Steps { get; init; }

    /// <summary>The epoch it belongs to, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The mean loss, in nats: a token (SFT), a pair (preferences) or a label (process rewards).</summary>
    public required double Loss { get; init; }

    /// <summary>How many tokens, pairs or labels that mean is over.</summary>
    public required int Counted { get; init; }

    /// <summary>The gradient's norm before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The learning rate that this step used.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Tokens in this step's rows, prompts and completions alike.</summary>
    public required int Tokens { get; init; }

    /// <summary>Those tokens a second.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Seconds of training so far, over all runs of the job.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds left, by the rate so far.</summary>
    public required double SecondsLeft { get; init; }

    /// <summary>
    /// For preferences: the share of pairs whose margin is positive; for process rewards: the share of labels (or pairs)
    /// that are met. Else 0.
    /// </summary>
    public required double Accuracy { get; init; }
}
