using Grpc.Core;

namespace O1Coder.Tcg.Tests;

public sealed class ReferenceTests
{
    private static readonly (string, string?)[] s_cases = [("1, 2", "3"), ("1,2", "3"), ("2, 2", "5"), ("5, 5", "10"), ("os", "1")];

    [Fact]
    public async Task EachCaseIsCountedAsWhatItIs()
    {
        await using var host = await TcgHost.StartAsync();
        var problem = Requests.Add(Requests.Reference);
        problem.VisibleTests.Add(Requests.Assertion("assert add(5, 5) == 10"));
        host.Policy.Answer = (_, _) => Requests.Answer(s_cases);
        host.Sandbox.Run = (_, test) => (test.Assertion.Code.EndsWith("== 5", StringComparison.Ordinal) ? V1.Verdict.WrongAnswer : V1.Verdict.Accepted, "");

        var (finished, progress) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = problem, Temperature = 0 });

        var test = Assert.Single(finished.Tests);
        Assert.Equal("assert add(1, 2) == 3", test.Test.Assertion.Code);
        Assert.Equal((V1.TestOrigin.Reference, 1, 1), (test.Origin, test.Agreed, test.Ran));
        Assert.Equal(
            new V1.TestCounts { Written = 5, FormatErrors = 1, Duplicates = 2, WrongOutputs = 1, Good = 1 }, finished.Counts);
        Assert.Equal("scripted", finished.Model.ModelId);
        Assert.True(finished.GeneratedTokens > 0);
        Assert.Contains(progress, one => one.Activity == "running programs");
        var asked = ScriptedPolicy.UserText(Assert.Single(host.Policy.Requests));
        Assert.Contains(Requests.Reference, asked);
        Assert.Contains("```case\n# input:\n5, 5\n# output:\n10\n```", asked);
    }

    [Fact]
    public async Task MostReferencesDecide()
    {
        await using var host = await TcgHost.StartAsync();
        host.Policy.Answer = (_, _) => Requests.Answer(("1, 1", "2"), ("9, 9", "18"));
        host.Sandbox.Run = (program, test) => (
            program == "c" || (program == "b" && test.Assertion.Code.Contains('9', StringComparison.Ordinal))
                ? V1.Verdict.RuntimeError : V1.Verdict.Accepted, "");

        var (finished, _) = await host.GenerateAsync(
            new V1.GenerateTestsRequest { Problem = Requests.Add("a", "b", "c"), Temperature = 0 });

        var test = Assert.Single(finished.Tests);
        Assert.Equal(("assert add(1, 1) == 2", 2, 3), (test.Test.Assertion.Code, test.Agreed, test.Ran));
        Assert.Equal(1, finished.Counts.WrongOutputs);
    }

    [Fact]
    public async Task TheModelIsAskedUntilThereAreEnoughOrTheAttemptsAreUsed()
    {
        await using var host = await TcgHost.StartAsync();
        host.Policy.Answer = (request, i) => Requests.Answer(($"{request.Sampling.Seed % 100000}, {i}", "1"));

        var (enough, _) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Add("a"), Count = 4, Seed = 7 });
        Assert.Equal(4, enough.Tests.Count);
        Assert.Equal([2, 1, 1], host.Policy.Requests.Select(one => one.Sequences));
        Assert.Equal(3, host.Policy.Requests.Select(one => one.Sampling.Seed).Distinct().Count());

        host.Policy.Requests.Clear();
        var (again, _) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Add("a"), Count = 4, Seed = 7 });
        Assert.Equal(enough.Tests, again.Tests);

        host.Policy.Requests.Clear();
        var (few, _) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Add("a"), Count = 64, Attempts = 2 });
        Assert.Equal(16, few.Tests.Count);
        Assert.Equal(2, host.Policy.Requests.Count);

        // Nothing good is an answer too: the counts say what the model is worth.
        host.Sandbox.Run = (_, _) => (V1.Verdict.WrongAnswer, "");
        var (none, _) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Add("a"), Temperature = 0 });
        Assert.Empty(none.Tests);
        Assert.Equal(1, none.Counts.WrongOutputs);
    }

    [Fact]
    public async Task ScriptsHaveCasesToo()
    {
        await using var host = await TcgHost.StartAsync();
        host.Policy.Answer = (_, _) => Requests.Answer(("4", "8"), ("5\n", " 10"));

        var (finished, _) = await host.GenerateAsync(new V1.GenerateTestsRequest { Problem = Requests.Doubled("x"), Temperature = 0 });

        Assert.Equal([Requests.Stdio("4\n", "8\n"), Requests.Stdio("5\n", " 10\n")], finished.Tests.Select(one => one.Test));
    }

    [Fact]
    public async Task TheTrainedAdapterIsTakenWhereItIsAndNoOtherWasNamed()
    {
        await using var host = await TcgHost.StartAsync();
        host.Policy.Answer = (_, _) => Requests.Answer(("1, 2", "3"));
        host.Policy.Adapters = ["policy", "tcg"];
        foreach (var (asked, used) in ((string?, string)[])[(null, "tcg"), ("", ""), ("mine", "mine")])
        {
            var request = new V1.GenerateTestsRequest { Problem = Requests.Add("a"), Temperature = 0 };
            if (asked is not null)
            {
                request.Adapter = asked;
            }

            var (finished, _) = await host.GenerateAsync(request);
            Assert.Equal(used, finished.Model.Adapter);
        }
    }

    [Theory]
    [InlineData("problem", "problem is absent")]
    [InlineData("count", "count is '65'")]
    [InlineData("temperature", "temperature is 'NaN'")]
    [InlineData("programs", "programs is '2'")]
    [InlineData("agreement", "agreement is '0.5'")]
    [InlineData("attempts", "attempts is '-1'")]
    [InlineData("signature", "problem.signature is 'add'")]
    [InlineData("mode", "problem.mode is '0'")]
    [InlineData("language", "problem.language is '0'")]
    [InlineData("references", "problem.reference_solutions is '31 programs'")]
    [InlineData("many", "count is '2147483647'")]
    [InlineData("hot", "temperature is 'Infinity'")]
    [InlineData("certain", "agreement is 'NaN'")]
    [InlineData("tries", "attempts is '1000000000'")]
    [InlineData("id", "problem.id is ''")]
    [InlineData("long id", "problem.id is 'xxxx")]
    [InlineData("statement", "problem.statement is ' '")]
    [InlineData("unknown mode", "problem.mode is '99'")]
    [InlineData("empty reference", "problem.reference_solutions[0] is ''")]
    [InlineData("no test", "problem.hidden_tests[0].kind is 'None'")]
    [InlineData("tests", "problem.visible_tests[0].kind is 'Stdio'")]
    public async Task BadInputIsNamed(string field, string message)
    {
        await using var host = await TcgHost.StartAsync();
        var request = new V1.GenerateTestsRequest { Problem = Requests.Add() };
        _ = field switch
        {
            "problem" => request.Problem = null,
            "count" => request.Count = 65,
            "temperature" => request.Temperature = float.NaN,
            "programs" => request.Programs = 2,
            "agreement" => request.Agreement = 0.5,
            "attempts" => request.Attempts = -1,
            "signature" => request.Problem.Signature = "add",
            "mode" => request.Problem.Mode = V1.ProblemMode.Unspecified,
            "language" => request.Problem.Language = V1.Language.Unspecified,
            "many" => request.Count = int.MaxValue,
            "hot" => request.Temperature = float.PositiveInfinity,
            "certain" => request.Agreement = double.NaN,
            "tries" => request.Attempts = 1_000_000_000,
            "id" => request.Problem.Id = "",
            "long id" => request.Problem.Id = new string('x', 1_000_000),
            "statement" => request.Problem.Statement = " ",
            "unknown mode" => request.Problem.Mode = (V1.ProblemMode)99,
            "empty reference" => request.Problem = Requests.Add(""),
            "no test" => request.Problem.HiddenTests.AddAndReturn(new V1.TestCase()),
            "references" => request.Problem = Requests.Add([.. Enumerable.Repeat("x", 31)]),
            _ => (object)(request.Problem.VisibleTests.AddAndReturn(Requests.Stdio("1", "2"))),
        };

        var error = await Assert.ThrowsAsync<RpcException>(() => host.GenerateAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith(message, error.Status.Detail);
        Assert.Empty(host.Policy.Requests);
    }
}
