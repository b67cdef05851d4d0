using Grpc.Core;
using O1Coder.Search;

namespace O1Coder.Tcg.Tests;

public sealed class TrainingDataTests
{
    private static V1.BuildTcgDataRequest Request(V1.TcgDataKind kind, params V1.Problem[] problems) =>
        new() { Kind = kind, Problems = { problems }, ExamplesPerProblem = 4, Seed = 3 };

    private static V1.Problem Tested()
    {
        var problem = Requests.Add(Requests.Reference, "def add(a, b):\n    return b + a\n");
        problem.VisibleTests.AddRange([Requests.Assertion("assert add(1, 2) == 3"), Requests.Assertion("assert add(4, 4) == 8")]);
        problem.HiddenTests.AddRange(
        [
            Requests.Assertion("assert add(0, 0) == 0"),
            Requests.Assertion("assert add(-1, 1) == 0"),
            Requests.Assertion("assert add(7, 1) > 3"),
            Requests.Assertion($"assert add({new string('1', 100)}, 1) == 5"),
        ]);
        return problem;
    }

    [Fact]
    public async Task AnExampleIsWhatTheServiceIsAskedAndWouldAccept()
    {
        await using var host = await TcgHost.StartAsync();
        host.Policy.Answer = (_, _) => Requests.Answer(("1, 2", "3"));
        string[] good = ["1, 2", "4, 4", "0, 0", "-1, 1"];

        var examples = await host.BuildAsync(Request(V1.TcgDataKind.Sft, Tested()));

        Assert.InRange(examples.Count, 1, 4);
        Assert.Equal(examples.Count, examples.Select(one => one.Id).Distinct().Count());
        foreach (var example in examples)
        {
            Assert.StartsWith("add/sft/", example.Id);
            var cases = CaseFormat.Read(example.Completion.Completion, isCutOff: false);
            Assert.Equal(3, cases.Count);
            Assert.All(cases, one => Assert.Contains(one!.Input, good));
            Assert.Equal(3, cases.Select(one => one!.Input).Distinct().Count());

            // The prompt is the one of the service.
            host.Policy.Requests.Clear();
            await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = One(Tested(), example), Temperature = 0 });
            Assert.Equal(Assert.Single(host.Policy.Requests).Prompt.Parts[0].Chat.Messages, example.Completion.Prompt);
            Assert.StartsWith(Assert.Single(host.Policy.Requests).Prompt.Parts[1].Text, example.Completion.Completion);
        }
    }

    // The problem with the one reference that the example shows.
    private static V1.Problem One(V1.Problem problem, V1.TrainingExample example)
    {
        var shown = problem.ReferenceSolutions.Single(one => example.Completion.Prompt[^1].Content.Contains(one, StringComparison.Ordinal));
        problem.ReferenceSolutions.Clear();
        problem.ReferenceSolutions.Add(shown);
        return problem;
    }

    [Fact]
    public async Task TheSameSeedGivesTheSameExamples()
    {
        await using var host = await TcgHost.StartAsync();
        var request = Request(V1.TcgDataKind.Sft, Tested());
        Assert.Equal(await host.BuildAsync(request), await host.BuildAsync(request));
    }

    [Fact]
    public async Task PairsHaveTheSameInputsAndMixedUpOutputs()
    {
        await using var host = await TcgHost.StartAsync();

        var examples = await host.BuildAsync(Request(V1.TcgDataKind.Dpo, Tested()));

        Assert.NotEmpty(examples);
        foreach (var pair in examples.Select(one => one.Preference))
        {
            var (right, wrong) = (CaseFormat.Read(pair.Chosen, false), CaseFormat.Read(pair.Rejected, false));
            Assert.Equal(right.Select(one => one!.Input), wrong.Select(one => one!.Input));
            Assert.Equal(right.Select(one => one!.Output).Order(), wrong.Select(one => one!.Output).Order());
            Assert.NotEqual(right, wrong);
        }
    }

    [Fact]
    public void OutputsThatAreAllEqualCannotBeMixedUp()
    {
        var language = new FunctionCases("f");
        for (var seed = 0UL; seed < 100; seed++)
        {
            var random = new SplitMix64(seed);
            Assert.Null(TrainingData.MixedUp([new("1", "{1, 2}"), new("2", "{2, 1}"), new("3", "{1, 2}")], language, ref random));
            List<WrittenCase> cases = [new("1", "7"), new("2", "7"), new("3", "8")];
            Assert.NotEqual(cases, TrainingData.MixedUp(cases, language, ref random));
        }
    }

    [Fact]
    public async Task ProblemsWithoutReferencesOrCasesArePassedOver()
    {
        await using var host = await TcgHost.StartAsync();
        var without = Tested();
        without.ReferenceSolutions.Clear();
        var few = Requests.Add("a");
        few.VisibleTests.Add(Requests.Assertion("assert add(1, 2) == 3"));
        var large = Tested();
        large.Statement = new string('x', 3000);

        Assert.Empty(await host.BuildAsync(Request(V1.TcgDataKind.Sft, without, few, large)));
    }

    [Fact]
    public async Task BadInputIsNamed()
    {
        await using var host = await TcgHost.StartAsync();
        var kind = await Assert.ThrowsAsync<RpcException>(() => host.BuildAsync(Request(V1.TcgDataKind.Unspecified)));
        Assert.Equal("kind is '0': expected 1 (sft) or 2 (dpo)", kind.Status.Detail);
        kind = await Assert.ThrowsAsync<RpcException>(() => host.BuildAsync(Request((V1.TcgDataKind)99)));
        Assert.StartsWith("kind is '99'", kind.Status.Detail);
        var many = Request(V1.TcgDataKind.Sft, Tested());
        many.ExamplesPerProblem = 1_000_000_000;
        var count = await Assert.ThrowsAsync<RpcException>(() => host.BuildAsync(many));
        Assert.StartsWith("examples_per_problem is '1000000000': expected a whole number from 1 to 64", count.Status.Detail);
        var bad = Tested();
        bad.Statement = " ";
        var statement = await Assert.ThrowsAsync<RpcException>(() => host.BuildAsync(Request(V1.TcgDataKind.Sft, Tested(), bad)));
        Assert.StartsWith("problems[1].statement is ' '", statement.Status.Detail);
    }
}
