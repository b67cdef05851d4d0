using O1Coder.Inference;

namespace O1Coder.Policy.Remote;

/// <summary>
/// What a server's log-probabilities are: of the model, or of the distribution that tokens were drawn from. What neither
/// says nor follows is NaN.
/// </summary>
internal sealed class LogProbabilityMeaning
{
    private readonly bool _greedy;
    private readonly bool _modelKnown;
    private readonly bool _samplingKnown;

    /// <summary>Finds out.</summary>
    /// <param name="sampling">How tokens are drawn.</param>
    /// <param name="kind">The server.</param>
    public LogProbabilityMeaning(SamplingOptions sampling, ServerKind kind)
    {
        var uncut = sampling is { TopK: 0, TopP: 1, MinP: 0 };
        var changed = sampling is not { RepetitionPenalty: 1, LogitBias.Count: 0, Constraint: null };

        // SGLang changes the logits and divides by the temperature first, unless it was started otherwise.
        var drawn = kind == ServerKind.Sglang && (changed || sampling.Temperature is not 0 and not 1);
        _greedy = sampling.Temperature == 0;
        _modelKnown = !drawn && !(changed && kind == ServerKind.Unknown);
        _samplingKnown = uncut && (drawn || (!changed && sampling.Temperature == 1));
    }

    /// <summary>Under the model at temperature 1, nothing changed or cut.</summary>
    public float Model(RemoteToken token) => _modelKnown ? token.LogProbability : float.NaN;

    /// <summary>Under the distribution that the token was drawn from.</summary>
    public float Sampling(RemoteToken token) =>
        _greedy ? 0 : _samplingKnown ? token.LogProbability : token.SamplingLogProbability;
}
