using O1Coder.Coordinator;
using O1Coder.Coordinator.Tests;
using O1Coder.Problems;
using O1Coder.Problems.DataSets;

namespace O1Coder.Evaluation.Tests;

public sealed class EvaluationTests : IDisposable
{
    private readonly TemporaryRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    private static bool IsAbout(string prompt, string problem) => prompt.Contains($"Problem number {problem}.", StringComparison.Ordinal);

    [Fact]
    public async Task Greedy_takes_one_program_a_problem_and_judges_it_by_all_tests()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Policy.Answer = (prompt, _, _, _) => Programs.Passing(IsAbout(prompt, "0") ? 4 : 3);
        var events = await host.EvaluateAsync(Requests.Of(V1.Strategy.Greedy));

        Assert.Equal((2, 0, "scripted", ""), (events[0].Started.Samples, events[0].Started.KnownSamples,
            events[0].Started.Model.ModelId, events[0].Started.Model.AdapterVersion));
        Assert.Equal(
            [(V1.Verdict.Accepted, 4, 4), (V1.Verdict.WrongAnswer, 3, 4)],
            events.Samples().Select(sample => (sample.Verdict, sample.Passed, sample.Total)));
        Assert.All(host.Policy.Requests, one => Assert.Equal((0f, 1), (one.Sampling.Temperature, one.Sequences)));
        Assert.All(host.Policy.PromptsSeen, prompt => Assert.Contains("assert add(1, 1) == 2", prompt, StringComparison.Ordinal));
        Assert.All(host.Policy.PromptsSeen, prompt => Assert.DoesNotContain("7000", prompt, StringComparison.Ordinal));
        Assert.All(host.Sandbox.Requests, run => Assert.Equal(4, run.Tests.Count));

        var finished = events.Finished();
        Assert.Equal(["pass@1", "solved", "reward", "overfit", "tokens per sample", "seconds per sample"], finished.Metrics.Select(one => one.Name));
        Assert.Equal((0.5, 0, 1, 2), (finished.Metric("pass@1").Value, finished.Metric("pass@1").Low, finished.Metric("pass@1").High, finished.Metric("pass@1").Problems));
        Assert.Equal(events.Samples().Average(sample => sample.GeneratedTokens), finished.Metric("tokens per sample").Value, tolerance: 1e-9);
        Assert.Equal(events.Samples().Sum(sample => sample.GeneratedTokens), finished.GeneratedTokens);
        Assert.Equal([(V1.Verdict.Accepted, 1), (V1.Verdict.WrongAnswer, 1)], finished.Verdicts.Select(one => (one.Verdict, one.Samples)));
        Assert.Equal((2, 2, 1), (events[^2].Progress.Done, events[^2].Progress.Total, events[^2].Progress.Solved));
    }

    [Theory]
    [InlineData(V1.TestsShown.All)]
    [InlineData(V1.TestsShown.None)]
    public async Task A_set_in_the_shape_of_human_eval_goes_through_whole(V1.TestsShown shown)
    {
        var file = Path.Combine(_runs.Path, "humaneval.jsonl");
        await File.WriteAllTextAsync(file, """
            {"task_id":"Own/0","prompt":"from typing import List\n\n\ndef mean(xs: List[float]) -> float:\n    \"\"\" The mean.\n    >>> mean([1.0, 2.0])\n    1.5\n    \"\"\"\n","entry_point":"mean","canonical_solution":"    return sum(xs) / len(xs)\n","test":"\n\nMETADATA = {\n    'author': 'x',\n}\n\n\ndef check(candidate):\n    assert abs(candidate([1.0, 2.0]) - 1.5) < 1e-6\n    assert abs(candidate([7000.0]) - 7000.0) < 1e-6, \"one\"\n"}
            {"task_id":"Own/1","prompt":"def twice(n):\n    return 2 * n\n\n\ndef half(n):\n    \"\"\" Undoes twice. \"\"\"\n","entry_point":"half","canonical_solution":"    return n // 2\n","test":"def check(candidate):\n    import random\n    for _ in range(5):\n        n = random.randint(0, 7000)\n        assert candidate(twice(n)) == n\n"}
            """, TestContext.Current.CancellationToken);
        var request = new V1.EvaluateRequest { Options = new V1.SearchOptions { Strategy = V1.Strategy.Greedy }, Samples = 1, Tests = shown };
        request.Problems.AddRange(DataSet.Read(file).Problems.Select(problem => ProblemReading.ToWire(problem, problem.VisibleTests)));
        await using var host = await EvaluationHost.StartAsync(_runs, options => options with { EvaluatedProblems = 1 });
        host.Policy.Answer = (prompt, _, _, _) => prompt.Contains("def mean(", StringComparison.Ordinal)
            ? "# passes 2\nfrom typing import List\ndef mean(xs: List[float]) -> float:\n    return sum(xs) / len(xs)\n```"
            : "# passes 0\ndef half(n):\n    return n\n```";
        var events = await host.EvaluateAsync(request);

        Assert.Equal(
            [("Own-0", V1.Verdict.Accepted, 2, 2), ("Own-1", V1.Verdict.WrongAnswer, 0, 1)],
            events.Samples().Select(sample => (sample.ProblemId, sample.Verdict, sample.Passed, sample.Total)));
        Assert.Equal(0.5, events.Finished().Metric("pass@1").Value);
        Assert.All(host.Policy.PromptsSeen, prompt => Assert.Equal(shown == V1.TestsShown.All, prompt.Contains("7000", StringComparison.Ordinal)));
        Assert.All(host.Policy.PromptsSeen, prompt => Assert.Contains("Complete this Python function.", prompt, StringComparison.Ordinal));
        Assert.DoesNotContain(host.Policy.PromptsSeen, prompt => prompt.Contains("n // 2", StringComparison.Ordinal));
        var judged = host.Sandbox.Requests.Select(run => run.Tests.Select(test => test.Assertion.Code).ToList()).ToList();
        Assert.Equal(["assert abs(mean([1.0, 2.0]) - 1.5) < 1e-6", "assert abs(mean([7000.0]) - 7000.0) < 1e-6, \"one\""], judged[0]);
        Assert.StartsWith("import random\ndef twice(n):\n    return 2 * n\ndef check(candidate):\n", Assert.Single(judged[1]), StringComparison.Ordinal);
        Assert.EndsWith("\ncheck(half)", judged[1][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sampling_asks_once_a_problem_and_pass_at_k_is_the_unbiased_estimate()
    {
        await using var host = await EvaluationHost.StartAsync(_runs, options => options with { EvaluatedProblems = 1 });
        host.Policy.Answer = (prompt, _, _, i) => Programs.Passing(i < (IsAbout(prompt, "0") ? 2 : 1) ? 4 : 0);
        var request = Requests.Of(V1.Strategy.Sample, problems: 3, samples: 6);
        request.Options.Temperature = 0.5f;
        var finished = (await host.EvaluateAsync(request)).Finished();

        Assert.Equal([6, 6, 6], host.Policy.Requests.Select(one => one.Sequences));
        Assert.All(host.Policy.Requests, one => Assert.Equal(0.5f, one.Sampling.Temperature));
        foreach (var k in (int[])[1, 2, 4])
        {
            var expected = (PassAtK.Estimate(6, 2, k) + (2 * PassAtK.Estimate(6, 1, k))) / 3;
            Assert.Equal(expected, finished.Metric($"pass@{k}").Value, tolerance: 1e-12);
        }

        Assert.Equal(1, finished.Metric("solved").Value);

        // Two different programs, each run once: the problems have equal tests and share verdicts.
        Assert.Equal(2, host.Sandbox.Requests.Count);
    }

    [Fact]
    public async Task More_samples_than_a_request_takes_are_drawn_in_several_with_seeds_of_their_own()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        var events = await host.EvaluateAsync(Requests.Of(V1.Strategy.Sample, problems: 1, samples: 70));
        Assert.Equal([64, 6], host.Policy.Requests.Select(one => one.Sequences));
        Assert.Equal(2, host.Policy.Requests.Select(one => one.Sampling.Seed).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 70), events.Samples().Select(sample => sample.Sample));
    }

    [Theory]
    [InlineData(V1.TestsShown.None, 0, 0)]
    [InlineData(V1.TestsShown.First, 1, 1)]
    [InlineData(V1.TestsShown.First, 9, 2)]
    [InlineData(V1.TestsShown.All, 0, 2)]
    [InlineData(V1.TestsShown.Unspecified, 0, 2)]
    public async Task The_model_sees_as_many_tests_as_asked_for_and_all_of_them_judge(V1.TestsShown tests, int first, int seen)
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(4);
        var request = Requests.Of(V1.Strategy.Greedy, problems: 1);
        (request.Tests, request.ShownTests) = (tests, first);
        var sample = Assert.Single((await host.EvaluateAsync(request)).Samples());

        var prompt = Assert.Single(host.Policy.PromptsSeen);
        Assert.Equal(seen, Enumerable.Range(0, 2).Count(i => prompt.Contains($"assert add({i}, 1)", StringComparison.Ordinal)));
        Assert.Equal(seen > 0, prompt.Contains("It must pass these tests", StringComparison.Ordinal));
        Assert.Equal((V1.Verdict.Accepted, 4, 4), (sample.Verdict, sample.Passed, sample.Total));
    }

    [Fact]
    public async Task An_answer_without_a_program_is_a_sample_that_does_not_pass()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Policy.Answer = (_, _, _, _) => "";
        var events = await host.EvaluateAsync(Requests.Of(V1.Strategy.Greedy, problems: 1));
        var sample = Assert.Single(events.Samples());
        Assert.Equal(("", V1.Verdict.Unspecified, 0, 4), (sample.Program, sample.Verdict, sample.Passed, sample.Total));
        Assert.Equal(0, events.Finished().Metric("pass@1").Value);
        Assert.Empty(host.Sandbox.Requests);
    }

    [Fact]
    public async Task Problems_with_hidden_tests_alone_are_judged_by_them()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(2);
        var sample = Assert.Single((await host.EvaluateAsync(Requests.Of(V1.Strategy.Greedy, problems: 1, visible: 0))).Samples());
        Assert.Equal((V1.Verdict.Accepted, 2, 2), (sample.Verdict, sample.Passed, sample.Total));
        Assert.DoesNotContain("7000", Assert.Single(host.Policy.PromptsSeen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapter_answers_and_its_version_names_the_evaluation()
    {
        await using var host = await EvaluationHost.StartAsync(_runs);
        host.Policy.Answer = (_, _, _, _) => Programs.Passing(0);
        host.Policy.AnswerOf = adapter => adapter.Version == "2222" ? Programs.Passing(4) : null;
        var plain = await host.EvaluateAsync(Requests.Of(V1.Strategy.Greedy));
        var request = Requests.Of(V1.Strategy.Greedy);
        request.Adapter = _runs.Adapter("1111");
        var first = await host.EvaluateAsync(request);
        _runs.Adapter("2222");
        var second = await host.EvaluateAsync(request);

        Assert.Equal(["", "1111", "2222"], new[] { plain, first, second }.Select(events => events[0].Started.Model.AdapterVersion));
        Assert.Equal(3, new[] { plain, first, second }.Select(events => events[0].Started.EvaluationId).Distinct().Count());
        Assert.Equal([0, 0, 1], new[] { plain, first, second }.Select(events => events.Finished().Metric("pass@1").Value));
    }
}
