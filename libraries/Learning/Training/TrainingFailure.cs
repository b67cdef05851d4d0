namespace O1Coder.Learning.Training;

/// <summary>Why a run failed.</summary>
public enum TrainingFailure
{
    /// <summary>A loss or gradient was not a number or infinite.</summary>
    NotFinite,

    /// <summary>The gradient's norm was above <see cref="OptimizerSpec.ExplodingGradientNorm"/>.</summary>
    ExplodingGradient,

    /// <summary>The disk is full or cannot be written.</summary>
    Storage,

    /// <summary>Not enough memory.</summary>
    Memory,

    /// <summary>The data, the model, the start adapter or the specification is not what it should be.</summary>
    Input,

    /// <summary>Anything else.</summary>
    Internal,
}
