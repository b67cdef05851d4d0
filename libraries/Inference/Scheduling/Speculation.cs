namespace O1Coder.Inference.Scheduling;

/// <summary>
/// When a guessed token is worth its row of a step. With n sequences in the step, one more row makes it longer by some share,
/// and is worth that if it brings as much in tokens: a guess that is right with probability p brings p / n. What a row costs
/// was measured (docs/scheduling.md).
/// </summary>
internal static class Speculation
{
    /// <summary>Sequences in a step above which nothing is guessed: with four, wrong guesses cost more than right ones bring.</summary>
    public const int MostSequences = 2;

    /// <summary>How likely a guess must be to be right.</summary>
    /// <param name="sequences">Sequences in the step.</param>
    public static double Least(int sequences) => 0.25 + (0.15 * (sequences - 1));
}
