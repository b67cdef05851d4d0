namespace O1Coder.Coordinator;

/// <summary>How much of everything a run takes; docs/self-play.md has the arithmetic.</summary>
internal sealed record PlayLimits
{
    /// <summary>Of an ordinary run.</summary>
    public static PlayLimits Full { get; } = new();

    /// <summary>Of a run that is to end within 20 minutes on two cores with 8 problems.</summary>
    public static PlayLimits Quick { get; } = new()
    {
        Rollouts = 6,
        EvaluationSamples = 1,
        EvaluationProblems = 8,
        EvaluationRollouts = 4,
        TcgExamplesPerProblem = 1,
        TcgRows = 8,
        TestsPerProblem = 3,
        TestAttempts = 1,
        MaxStepTokens = 96,
        MaxProgramTokens = 256,
        SftEpochs = 1,
        PathsPerProblem = 2,
        PolicyRows = 10,
        PrmPathsPerProblem = 3,
        PrmRows = 16,
        PairsPerProblem = 2,
        PreferenceRows = 8,
        CheckpointEvery = 5,
    };

    /// <summary>Rollouts a search, unless the request says.</summary>
    public int Rollouts { get; init; } = 16;

    /// <summary>Samples a problem for pass@k, unless the request says.</summary>
    public int EvaluationSamples { get; init; } = 16;

    /// <summary>Evaluation problems that are used, the first of them.</summary>
    public int EvaluationProblems { get; init; } = int.MaxValue;

    /// <summary>Rollouts of an evaluation's search, for ASPR, unless the request asks for fewer of any search.</summary>
    public int EvaluationRollouts { get; init; } = 16;

    /// <summary>Problems that are worked on at once, so that the model decodes batches.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Test-case examples made of a problem.</summary>
    public int TcgExamplesPerProblem { get; init; } = 3;

    /// <summary>Test-case examples in all.</summary>
    public int TcgRows { get; init; } = 400;

    /// <summary>Tests that are wanted of the test-case generator for a problem to learn from.</summary>
    public int TestsPerProblem { get; init; } = 6;

    /// <summary>How often it is asked for them at most.</summary>
    public int TestAttempts { get; init; } = 3;

    /// <summary>Most tokens of an outline or refinement.</summary>
    public int MaxStepTokens { get; init; } = 160;

    /// <summary>Most tokens of a program.</summary>
    public int MaxProgramTokens { get; init; } = 512;

    /// <summary>Passes over the data of supervised fine-tuning; preferences and process rewards get one.</summary>
    public int SftEpochs { get; init; } = 2;

    /// <summary>Correct paths of a problem that the policy learns from.</summary>
    public int PathsPerProblem { get; init; } = 4;

    /// <summary>Correct paths in all.</summary>
    public int PolicyRows { get; init; } = 400;

    /// <summary>Paths of a problem that the process reward model learns from.</summary>
    public int PrmPathsPerProblem { get; init; } = 6;

    /// <summary>Examples of it in all.</summary>
    public int PrmRows { get; init; } = 600;

    /// <summary>Preference pairs of a problem.</summary>
    public int PairsPerProblem { get; init; } = 4;

    /// <summary>Preference pairs in all.</summary>
    public int PreferenceRows { get; init; } = 300;

    /// <summary>The least difference of phi in a pair.</summary>
    public double Margin { get; init; } = 0.1;

    /// <summary>Optimiser steps between checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 10;

    /// <summary>Rank of every adapter.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>The longest row of training data, tokens; longer ones are left out and counted.</summary>
    public int MaxRowTokens { get; init; } = 1024;
}
