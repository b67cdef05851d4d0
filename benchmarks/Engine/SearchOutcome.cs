namespace O1Coder.Benchmarks;

/// <summary>What a search load took.</summary>
/// <param name="Seconds">Of the clock, from the first request to the last answer.</param>
/// <param name="Generated">Tokens generated.</param>
/// <param name="Requested">Prompt tokens asked for, each node once.</param>
/// <param name="Computed">Of them, computed.</param>
/// <param name="Optimum">Of them, what must be computed where nothing is computed twice.</param>
/// <param name="RequestMedian">Seconds of a node, from the request to its last child: half are faster.</param>
/// <param name="RequestP95">Likewise, 95 % are faster.</param>
/// <param name="ServerProcessorSeconds">Processor time of the server.</param>
/// <param name="ClientProcessorSeconds">Processor time of this process.</param>
internal sealed record SearchOutcome(
    double Seconds,
    int Generated,
    int Requested,
    int Computed,
    int Optimum,
    double RequestMedian,
    double RequestP95,
    double ServerProcessorSeconds,
    double ClientProcessorSeconds)
{
    /// <summary>Tokens generated a second.</summary>
    public double TokensPerSecond => Generated / Seconds;
}
