using System.Numerics;

namespace O1Coder.Inference;

/// <summary>Checks of what callers give; messages name field, value and range.</summary>
internal static class ArgumentChecks
{
    private const int MaxSequences = 64;
    private const int MaxStops = 16;
    private const int MaxBiases = 1024;
    private const int MaxTopLogProbabilities = 20;
    private const int MaxCaller = 256;
    private const float MaxTemperature = 5;
    private const float MaxBias = 100;
    private const float LeastPenalty = 0.1f;
    private const float MaxPenalty = 10;

    /// <summary>Checks that a number lies in a range, its ends included.</summary>
    public static void InRange<T>(T value, T least, T most, string field)
        where T : INumber<T>
    {
        // Written so that NaN, which compares as false, is refused.
        if (!(value >= least && value <= most))
        {
            throw Wrong(field, $"{field} is {value}: expected {least} to {most}");
        }
    }

    /// <summary>The exception for a field; the message says value and range.</summary>
    public static ArgumentException Wrong(string field, string message) => new(message, field);

    /// <summary>Checks a request to generate.</summary>
    public static void Check(GenerationRequest request, int vocabulary, int context, IReadOnlyList<int> endOfTurn)
    {
        ArgumentNullException.ThrowIfNull(request);
        Tokens(request.Prompt.Span, vocabulary, nameof(request.Prompt));
        if (request.Prompt.Length >= context)
        {
            throw Wrong(
                nameof(request.Prompt),
                $"{nameof(request.Prompt)} has {request.Prompt.Length} tokens: expected fewer than the context's {context}");
        }

        InRange(request.Sequences, 1, MaxSequences, nameof(request.Sequences));
        var sampling = request.Sampling
            ?? throw Wrong(nameof(request.Sampling), $"{nameof(request.Sampling)} is null: expected sampling options");
        InRange(sampling.Temperature, 0, MaxTemperature, nameof(sampling.Temperature));
        InRange(sampling.TopK, 0, int.MaxValue, nameof(sampling.TopK));
        if (!(sampling.TopP > 0 && sampling.TopP <= 1))
        {
            throw Wrong(nameof(sampling.TopP), $"{nameof(sampling.TopP)} is {sampling.TopP}: expected above 0 and at most 1");
        }

        InRange(sampling.MinP, 0, 1, nameof(sampling.MinP));
        InRange(sampling.RepetitionPenalty, LeastPenalty, MaxPenalty, nameof(sampling.RepetitionPenalty));
        InRange(sampling.TopLogProbabilities, 0, MaxTopLogProbabilities, nameof(sampling.TopLogProbabilities));
        InRange(sampling.MaxTokens, 1, int.MaxValue, nameof(sampling.MaxTokens));
        Biases(sampling.LogitBias, vocabulary);
        Stops(sampling.Stop);
        ForcedPrefix(request, vocabulary, context, endOfTurn);
        InRange(request.Gather, 1, int.MaxValue, nameof(request.Gather));
        Check(request.Ticket);
    }

    /// <summary>Checks where a request stands in the queue.</summary>
    public static void Check(QueueTicket ticket)
    {
        if (!Enum.IsDefined(ticket.Priority))
        {
            throw Wrong(nameof(ticket.Priority), $"{nameof(ticket.Priority)} is {(int)ticket.Priority}: expected Low, Normal or High");
        }

        if (ticket.Caller?.Length > MaxCaller)
        {
            throw Wrong(nameof(ticket.Caller), $"{nameof(ticket.Caller)} has {ticket.Caller.Length} characters: expected at most {MaxCaller}");
        }
    }

    /// <summary>Checks a request to score.</summary>
    public static void Check(ReadOnlySpan<int> prompt, ReadOnlySpan<int> continuation, int vocabulary, int context)
    {
        Tokens(prompt, vocabulary, nameof(prompt));
        Tokens(continuation, vocabulary, nameof(continuation));
        if ((long)prompt.Length + continuation.Length > context)
        {
            throw Wrong(
                nameof(continuation),
                $"{nameof(continuation)} has {continuation.Length} tokens after a prompt of {prompt.Length}: " +
                $"expected at most the context's {context} together");
        }
    }

    /// <summary>Checks a request to score labels.</summary>
    public static void Check(
        ReadOnlySpan<int> tokens, IReadOnlyList<int> positions, IReadOnlyList<int> labels, int vocabulary, int context)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Tokens([.. labels], vocabulary, nameof(labels));
        Check(tokens, positions, vocabulary, context);
    }

    /// <summary>Checks a request to read something at positions of a text.</summary>
    public static void Check(ReadOnlySpan<int> tokens, IReadOnlyList<int> positions, int vocabulary, int context)
    {
        ArgumentNullException.ThrowIfNull(positions);
        Tokens(tokens, vocabulary, nameof(tokens));
        if (tokens.Length > context)
        {
            throw Wrong(nameof(tokens), $"{nameof(tokens)} has {tokens.Length} tokens: expected at most the context's {context}");
        }

        if (positions.Count == 0)
        {
            throw Wrong(nameof(positions), $"{nameof(positions)} is empty: expected at least 1");
        }

        for (var i = 0; i < positions.Count; i++)
        {
            var least = i == 0 ? 0 : positions[i - 1] + 1;
            if (positions[i] < least || positions[i] >= tokens.Length)
            {
                throw Wrong(
                    nameof(positions), $"{nameof(positions)}[{i}] is {positions[i]}: expected {least} to {tokens.Length - 1}");
            }
        }
    }

    private static void Tokens(ReadOnlySpan<int> tokens, int vocabulary, string field)
    {
        if (tokens.IsEmpty)
        {
            throw Wrong(field, $"{field} has no tokens: expected at least 1");
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)vocabulary)
            {
                throw Wrong(field, $"{field}[{i}] is {tokens[i]}: expected 0 to {vocabulary - 1}");
            }
        }
    }

    private static void Biases(IReadOnlyDictionary<int, float> biases, int vocabulary)
    {
        const string Field = nameof(SamplingOptions.LogitBias);
        if (biases is null || biases.Count > MaxBiases)
        {
            throw Wrong(Field, $"{Field} has {biases?.Count.ToString() ?? "no list of"} tokens: expected at most {MaxBiases}");
        }

        foreach (var (token, value) in biases)
        {
            if ((uint)token >= (uint)vocabulary)
            {
                throw Wrong(Field, $"{Field} has token {token}: expected 0 to {vocabulary - 1}");
            }

            // NaN, which compares as false, is refused.
            if (!(value >= -MaxBias && value <= MaxBias))
            {
                throw Wrong(Field, $"{Field}[{token}] is {value}: expected {-MaxBias} to {MaxBias}");
            }
        }
    }

    private static void ForcedPrefix(GenerationRequest request, int vocabulary, int context, IReadOnlyList<int> endOfTurn)
    {
        const string Field = nameof(GenerationRequest.ForcedPrefix);
        var prefix = request.ForcedPrefix.Span;
        if (prefix.IsEmpty)
        {
            return;
        }

        Tokens(prefix, vocabulary, Field);
        var room = Math.Min(request.Sampling.MaxTokens, context - request.Prompt.Length);
        if (prefix.Length >= room)
        {
            throw Wrong(Field, $"{Field} has {prefix.Length} tokens: expected fewer than the {room} that may be generated");
        }

        foreach (var token in endOfTurn)
        {
            var at = prefix.IndexOf(token);
            if (at >= 0)
            {
                throw Wrong(Field, $"{Field}[{at}] is {token}: expected no token that ends a turn");
            }
        }
    }

    private static void Stops(IReadOnlyList<string> stops)
    {
        const string Field = nameof(SamplingOptions.Stop);
        if (stops is null || stops.Count > MaxStops)
        {
            throw Wrong(Field, $"{Field} has {stops?.Count.ToString() ?? "no list of"} strings: expected at most {MaxStops}");
        }

        for (var i = 0; i < stops.Count; i++)
        {
            if (string.IsNullOrEmpty(stops[i]))
            {
                throw Wrong(Field, $"{Field}[{i}] is empty: expected at least 1 character");
            }
        }
    }
}
