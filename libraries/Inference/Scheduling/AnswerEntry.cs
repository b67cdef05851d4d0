namespace O1Coder.Inference.Scheduling;

/// <summary>One thing that a reader will be told: an event, or a token or a piece of text of a sequence.</summary>
internal struct AnswerEntry
{
    /// <summary>Stands for no token where there is only text.</summary>
    public const int NoToken = -1;

    /// <summary>The event; null for a token or a piece of text.</summary>
    public GenerationEvent? Event;

    /// <summary>Which sequence a token or a piece of text belongs to.</summary>
    public int Sequence;

    /// <summary>The token, or <see cref="NoToken"/>.</summary>
    public int Token;

    /// <summary>Its log-probability under the distribution that it was drawn from.</summary>
    public float Sampling;

    /// <summary>Its log-probability under the model.</summary>
    public float Model;

    /// <summary>Where the likeliest tokens at its position begin among the batch's.</summary>
    public int LikeliestAt;

    /// <summary>How many they are; 0 where they were not asked for.</summary>
    public int LikeliestLength;

    /// <summary>Where text that has become certain begins among the batch's characters.</summary>
    public int TextAt;

    /// <summary>Characters of it.</summary>
    public int TextLength;
}
