using System.Globalization;
using System.Text.Json;
using O1Coder.Inference;

namespace O1Coder.Policy.OpenAi;

/// <summary>Turns the fields that all requests have into the engine's, one by one checked.</summary>
internal static class RequestReader
{
    private const int MostSequences = 64;
    private const int MostStops = 16;
    private const int LongestStop = 1024;
    private const int MostBiases = 1024;

    /// <summary>Reads how tokens are drawn.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="maxTokens">At most so many tokens an answer, checked.</param>
    /// <param name="vocabulary">Token ids that the model knows.</param>
    /// <param name="likeliest">So many of the likeliest tokens are told at each place, checked.</param>
    /// <exception cref="OpenAiException">A field cannot be served.</exception>
    public static SamplingOptions Sampling(GenerationFields fields, int maxTokens, int vocabulary, int likeliest)
    {
        var temperature = fields.Temperature ?? 1;
        var topP = fields.TopP ?? 1;
        var topK = fields.TopK ?? 0;
        var minP = fields.MinP ?? 0;
        var penalty = fields.RepetitionPenalty ?? 1;

        // Written so that NaN, for which every comparison is false, is refused.
        OpenAiException.ThrowUnless(temperature is >= 0 and <= 5, "temperature", temperature, "a number in [0, 5]");
        OpenAiException.ThrowUnless(topP is > 0 and <= 1, "top_p", topP, "a number above 0 and at most 1");
        OpenAiException.ThrowUnless(topK >= -1, "top_k", topK, "-1 or more");
        OpenAiException.ThrowUnless(minP is >= 0 and <= 1, "min_p", minP, "a number in [0, 1]");
        OpenAiException.ThrowUnless(penalty is >= 0.1f and <= 10, "repetition_penalty", penalty, "a number in [0.1, 10]");
        RefuseUnknown(fields);
        return new SamplingOptions
        {
            Temperature = temperature,
            TopP = topP,
            TopK = Math.Max(0, topK),
            MinP = minP,
            RepetitionPenalty = penalty,
            LogitBias = Biases(fields.LogitBias, vocabulary),
            Constraint = ConstraintReader.Read(fields),
            TopLogProbabilities = likeliest,
            MaxTokens = maxTokens,
            Stop = Stops(fields.Stop),
            Seed = Seed(fields.Seed),
        };
    }

    /// <summary>Reads how many answers are wanted, 1 to 64.</summary>
    public static int Sequences(int? n)
    {
        OpenAiException.ThrowUnless(n is null or (>= 1 and <= MostSequences), "n", n, $"1 to {MostSequences}");
        return n ?? 1;
    }

    // The one place to change when the engine learns one of these.
    private static void RefuseUnknown(GenerationFields fields)
    {
        OpenAiException.ThrowUnless(fields.PresencePenalty is null or 0, "presence_penalty", fields.PresencePenalty, "0: there is none");
        OpenAiException.ThrowUnless(fields.FrequencyPenalty is null or 0, "frequency_penalty", fields.FrequencyPenalty, "0: there is none");
    }

    private static Dictionary<int, float> Biases(JsonElement? biases, int vocabulary)
    {
        var read = new Dictionary<int, float>();
        if (IsEmpty(biases))
        {
            return read;
        }

        var given = biases!.Value;
        OpenAiException.ThrowUnless(given.ValueKind == JsonValueKind.Object, "logit_bias", given, "an object of token ids and numbers");
        foreach (var one in given.EnumerateObject())
        {
            OpenAiException.ThrowUnless(
                int.TryParse(one.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var token) && token < vocabulary,
                "logit_bias", one.Name, $"token ids from 0 to {vocabulary - 1}");
            OpenAiException.ThrowUnless(
                one.Value.ValueKind == JsonValueKind.Number && one.Value.TryGetSingle(out var value) && value is >= -100 and <= 100,
                $"logit_bias[{token}]", one.Value, "a number in [-100, 100]");
            read[token] = one.Value.GetSingle();
        }

        OpenAiException.ThrowUnless(read.Count <= MostBiases, "logit_bias", $"{read.Count} tokens", $"at most {MostBiases}");
        return read;
    }

    /// <summary>Whether a value holds nothing: absent, [] or {}.</summary>
    public static bool IsEmpty(JsonElement? value) => value is not { } held
        || (held.ValueKind == JsonValueKind.Array && held.GetArrayLength() == 0)
        || (held.ValueKind == JsonValueKind.Object && !held.EnumerateObject().Any());

    /// <summary>Refuses text with half of a surrogate pair, which no tokenizer can take.</summary>
    public static void RequireWellFormed(string text, string field)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                throw OpenAiException.Wrong(field, $"half of a surrogate pair at {i}", "well-formed Unicode");
            }
        }
    }

    /// <summary>A string as it is; half of a surrogate pair, which JSON can spell, is refused.</summary>
    public static string Text(JsonElement value, string field)
    {
        try
        {
            var text = value.GetString()!;
            RequireWellFormed(text, field);
            return text;
        }
        catch (InvalidOperationException)
        {
            throw OpenAiException.Wrong(field, "half of a surrogate pair", "well-formed Unicode");
        }
    }

    private static string[] Stops(JsonElement? stop)
    {
        string[] stops;
        switch (stop?.ValueKind)
        {
            case null:
                return [];
            case JsonValueKind.String:
                stops = [Text(stop.Value, "stop")];
                break;
            case JsonValueKind.Array:
                stops = [.. stop.Value.EnumerateArray().Select((one, i) => one.ValueKind == JsonValueKind.String
                    ? Text(one, $"stop[{i}]")
                    : throw OpenAiException.Wrong($"stop[{i}]", one, "a string"))];
                break;
            default:
                throw OpenAiException.Wrong("stop", stop, "a string or a list of strings");
        }

        OpenAiException.ThrowUnless(stops.Length <= MostStops, "stop", $"{stops.Length} strings", $"at most {MostStops}");
        for (var i = 0; i < stops.Length; i++)
        {
            OpenAiException.ThrowUnless(stops[i].Length is >= 1 and <= LongestStop, $"stop[{i}]",
                stops[i].Length == 0 ? "" : $"{stops[i].Length} characters", $"1 to {LongestStop} characters");
        }

        return stops;
    }

    private static ulong Seed(JsonElement? seed)
    {
        if (seed is not { } given)
        {
            return unchecked((ulong)Random.Shared.NextInt64());
        }

        if (given.ValueKind == JsonValueKind.Number)
        {
            if (given.TryGetUInt64(out var seedNumber))
            {
                return seedNumber;
            }

            if (given.TryGetInt64(out var negative))
            {
                return unchecked((ulong)negative);
            }
        }

        throw OpenAiException.Wrong("seed", given, string.Create(CultureInfo.InvariantCulture,
            $"a whole number from {long.MinValue} to {ulong.MaxValue}"));
    }
}
