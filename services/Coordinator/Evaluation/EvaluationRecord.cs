using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace O1Coder.Coordinator;

/// <summary>One line of an evaluation's log: a sample, or what became of the tests that were written for a problem.</summary>
/// <param name="WorkSeconds">Seconds of work up to here, over all runs of the evaluation.</param>
/// <param name="Sample">The sample; null in a line about tests.</param>
/// <param name="Steps">Scores of the sample's steps, where they were asked for.</param>
/// <param name="TestsOf">The problem that tests were written for; empty in a line about a sample.</param>
/// <param name="Tests">What became of them.</param>
/// <param name="TestTokens">Tokens that they took.</param>
internal sealed record EvaluationRecord(
    double WorkSeconds, V1.EvaluationSample? Sample, IReadOnlyList<StepScore> Steps, string TestsOf, V1.TestCounts? Tests, long TestTokens)
{
    private static readonly JsonFormatter s_formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));
    private static readonly JsonParser s_parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>A sample.</summary>
    public static EvaluationRecord Of(V1.EvaluationSample sample, IReadOnlyList<StepScore> steps) => new(0, sample, steps, "", null, 0);

    /// <summary>What became of a problem's tests.</summary>
    public static EvaluationRecord Of(string problem, V1.TestCounts tests, long tokens) => new(0, null, [], problem, tests, tokens);

    /// <summary>The record as a JSON object in one line.</summary>
    public string ToJson()
    {
        var json = new JsonObject { ["work_seconds"] = WorkSeconds };
        if (Sample is not null)
        {
            json["sample"] = JsonNode.Parse(s_formatter.Format(Sample));
            if (Steps.Count > 0)
            {
                json["steps"] = new JsonArray([.. Steps.Select(step => new JsonArray(step.Reward, step.Value))]);
            }
        }
        else
        {
            json["problem_id"] = TestsOf;
            json["tests"] = JsonNode.Parse(s_formatter.Format(Tests!));
            json["test_tokens"] = TestTokens;
        }

        return json.ToJsonString();
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static EvaluationRecord Parse(string json)
    {
        try
        {
            var root = JsonNode.Parse(json)!.AsObject();
            var work = root["work_seconds"]!.GetValue<double>();
            if (root["sample"] is { } sample)
            {
                var steps = root["steps"]?.AsArray().Select(step => new StepScore(step![0]!.GetValue<double>(), step[1]!.GetValue<double>()));
                return new(work, s_parser.Parse<V1.EvaluationSample>(sample.ToJsonString()), [.. steps ?? []], "", null, 0);
            }

            return new(
                work, null, [], root["problem_id"]!.GetValue<string>(), s_parser.Parse<V1.TestCounts>(root["tests"]!.ToJsonString()),
                root["test_tokens"]!.GetValue<long>());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException
            or InvalidProtocolBufferException or FormatException)
        {
            throw new InvalidDataException($"not a record of an evaluation: {error.Message}", error);
        }
    }
}
