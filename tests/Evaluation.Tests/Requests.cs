using O1Coder.Coordinator.Tests;

namespace O1Coder.Evaluation.Tests;

/// <summary>Requests of the tests, and what to read out of their answers.</summary>
internal static class Requests
{
    /// <summary>Problems p0, p1, …, each with two visible and two hidden tests.</summary>
    public static V1.EvaluateRequest Of(V1.Strategy strategy, int problems = 2, int samples = 1, int visible = 2, int hidden = 2)
    {
        var request = new V1.EvaluateRequest
        {
            Options = new V1.SearchOptions { Strategy = strategy, Seed = 7 },
            Budget = new V1.Budget { Rollouts = 6 },
            Samples = samples,
        };
        for (var i = 0; i < problems; i++)
        {
            var problem = Programs.Problem(visible, hidden);
            problem.Id = $"p{i}";
            problem.Statement = $"Problem number {i}.";
            request.Problems.Add(problem);
        }

        return request;
    }

    public static V1.EvaluationFinished Finished(this List<V1.EvaluateResponse> events) => events[^1].Finished;

    public static List<V1.EvaluationSample> Samples(this List<V1.EvaluateResponse> events) =>
        [.. events.Where(one => one.Sample is not null).Select(one => one.Sample)
            .OrderBy(sample => sample.ProblemId, StringComparer.Ordinal).ThenBy(sample => sample.Sample)];

    public static V1.Estimate Metric(this V1.EvaluationFinished finished, string name) => Assert.Single(finished.Metrics, one => one.Name == name);

    /// <summary>Samples without what time has a part in.</summary>
    public static List<V1.EvaluationSample> Timeless(this IEnumerable<V1.EvaluationSample> samples) => [.. samples.Select(sample =>
    {
        var one = sample.Clone();
        one.Seconds = 0;
        return one;
    })];
}
