using Google.Protobuf.Collections;
using O1Coder.Inference;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy;

/// <summary>Turns the sampling parameters of requests into the engine's, field by field checked.</summary>
internal static class SamplingReader
{
    private const int MostStops = 16;
    private const int LongestStop = 1024;
    private const int MostBiases = 1024;

    /// <summary>Reads the parameters.</summary>
    /// <param name="sampling">The parameters, or null if the request has none.</param>
    /// <param name="vocabulary">Token ids that the model knows.</param>
    /// <exception cref="global::Grpc.Core.RpcException">InvalidArgument.</exception>
    public static SamplingOptions Read(V1.SamplingParameters? sampling, int vocabulary)
    {
        if (sampling is null)
        {
            InvalidArgument.Throw("sampling", null, "parameters with at least max_tokens");
        }

        // Written so that NaN, for which every comparison is false, is refused.
        InvalidArgument.ThrowUnless(sampling.Temperature is >= 0 and <= 5, "sampling.temperature", sampling.Temperature,
            "a number in [0, 5]");
        InvalidArgument.ThrowUnless(sampling.TopK >= 0, "sampling.top_k", sampling.TopK, "0 or more");
        InvalidArgument.ThrowUnless(sampling.TopP is >= 0 and <= 1, "sampling.top_p", sampling.TopP, "a number in [0, 1]");
        InvalidArgument.ThrowUnless(sampling.MinP is >= 0 and <= 1, "sampling.min_p", sampling.MinP, "a number in [0, 1]");
        InvalidArgument.ThrowUnless(sampling.RepetitionPenalty is 0 or (>= 0.1f and <= 10), "sampling.repetition_penalty",
            sampling.RepetitionPenalty, "a number in [0.1, 10], or 0 for 1");
        InvalidArgument.ThrowUnless(sampling.TopLogProbabilities is >= 0 and <= 20, "sampling.top_log_probabilities",
            sampling.TopLogProbabilities, "0 to 20");
        InvalidArgument.ThrowUnless(sampling.MaxTokens >= 1, "sampling.max_tokens", sampling.MaxTokens, "1 or more");
        InvalidArgument.ThrowUnless(sampling.Stop.Count <= MostStops, "sampling.stop", $"{sampling.Stop.Count} strings",
            $"at most {MostStops}");
        for (var i = 0; i < sampling.Stop.Count; i++)
        {
            var (stop, field) = (sampling.Stop[i], $"sampling.stop[{i}]");
            InvalidArgument.ThrowUnless(stop.Length is >= 1 and <= LongestStop, field,
                stop.Length == 0 ? "" : $"{stop.Length} characters", $"1 to {LongestStop} characters");
            PromptReader.RequireWellFormed(stop, field);
        }

        CheckBiases(sampling.LogitBias, vocabulary);
        return new SamplingOptions
        {
            Temperature = sampling.Temperature,
            TopK = sampling.TopK,
            TopP = sampling.TopP == 0 ? 1 : sampling.TopP,
            MinP = sampling.MinP,
            RepetitionPenalty = sampling.RepetitionPenalty == 0 ? 1 : sampling.RepetitionPenalty,
            LogitBias = sampling.LogitBias.ToDictionary(),
            Constraint = ReadConstraint(sampling.Constraint),
            TopLogProbabilities = sampling.TopLogProbabilities,
            SamplingLogProbabilities = sampling.SamplingLogProbabilities,
            MaxTokens = sampling.MaxTokens,
            Stop = [.. sampling.Stop],
            Seed = sampling.Seed,
        };
    }

    private static void CheckBiases(MapField<int, float> biases, int vocabulary)
    {
        InvalidArgument.ThrowUnless(biases.Count <= MostBiases, "sampling.logit_bias", $"{biases.Count} tokens", $"at most {MostBiases}");
        foreach (var (token, value) in biases)
        {
            InvalidArgument.ThrowUnless(token >= 0 && token < vocabulary, "sampling.logit_bias", $"token {token}",
                $"token ids from 0 to {vocabulary - 1}");
            InvalidArgument.ThrowUnless(value is >= -100 and <= 100, $"sampling.logit_bias[{token}]", value, "a number in [-100, 100]");
        }
    }

    private static Constraint? ReadConstraint(V1.Constraint? constraint)
    {
        if (constraint is null)
        {
            return null;
        }

        var isRegex = constraint.KindCase == V1.Constraint.KindOneofCase.Regex;
        if (!isRegex && constraint.KindCase != V1.Constraint.KindOneofCase.Grammar)
        {
            InvalidArgument.Throw("sampling.constraint.kind", constraint.KindCase, "regex or grammar");
        }

        var (text, field) = isRegex
            ? (constraint.Regex, "sampling.constraint.regex")
            : (constraint.Grammar, "sampling.constraint.grammar");
        PromptReader.RequireWellFormed(text, field);
        try
        {
            return isRegex ? Constraint.FromRegex(text) : Constraint.FromGrammar(text);
        }
        catch (ConstraintException exception)
        {
            InvalidArgument.Throw(field, text, exception.Expected);
            return null;
        }
    }
}
