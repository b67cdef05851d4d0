namespace O1Coder.Learning.Training;

/// <summary>A run has failed; the message is one line for people.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">One line.</param>
    /// <param name="lastCheckpoint">The folder of the last good checkpoint, empty where there is none.</param>
    /// <param name="inner">The cause.</param>
    public TrainingException(TrainingFailure failure, string message, string lastCheckpoint = "", Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
        LastCheckpoint = lastCheckpoint;
    }

    /// <summary>Why.</summary>
    public TrainingFailure Failure { get; }

    /// <summary>The folder of the last good checkpoint, itself a PEFT adapter; empty where there is none.</summary>
    public string LastCheckpoint { get; }
}
