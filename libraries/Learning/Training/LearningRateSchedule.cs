namespace O1Coder.Learning.Training;

/// <summary>How the learning rate goes after its warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Stays.</summary>
    Constant,

    /// <summary>Falls to 0 along half a cosine.</summary>
    Cosine,
}
