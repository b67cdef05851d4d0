using O1Coder.Inference;

namespace O1Coder.Policy.Remote;

/// <summary>
/// What a server's log-probabilities are: of the model, or of the distribution that tokens were drawn from. What neither
/// says nor follows is NaN.
/// </summary>
/// <param name="sampling">How tokens are drawn.</param>
/// <param name="kind">The server.</param>
internal sealed class LogProbabilityMeaning(SamplingOptions sampling, ServerKind kind)
{
    private readonly bool _greedy = sampling.Temperature == 0;
    private readonly bool _plain = sampling is { Temperature: 1, TopK: 0, TopP: 1 };

    // SGLang divides by the temperature first, unless it was started otherwise.
    private readonly bool _scaled = kind == ServerKind.Sglang && sampling.Temperature is not 0 and not 1;

    /// <summary>Under the model at temperature 1, nothing cut.</summary>
    public float Model(RemoteToken token) => _scaled ? float.NaN : token.LogProbability;

    /// <summary>Under the distribution that the token was drawn from.</summary>
    public float Sampling(RemoteToken token) =>
        _greedy ? 0
        : _plain || (_scaled && sampling is { TopK: 0, TopP: 1 }) ? token.LogProbability
        : token.SamplingLogProbability;
}
