using Grpc.Core;

namespace O1Coder.Prm.Tests;

public sealed class TrainingDataTests
{
    // A tree: 1 (0.6) with children 2 (0.9), 3 (0.1), 4 (0.55), 5 (never visited); 6 (0.2) beside 1.
    private static V1.BuildPrmDataRequest Request(V1.PrmDataKind kind) => new()
    {
        Kind = kind,
        Paths =
        {
            Path("s", (1, 0.6)),
            Path("s", (1, 0.6), (2, 0.9)),
            Path("s", (1, 0.6), (3, 0.1)),
            Path("s", (1, 0.6), (4, 0.55)),
            Path("s", (1, 0.6), (3, 0.1)),
            Path("s", (1, 0.6), (5, -1)),
            Path("s", (6, 0.2)),
        },
    };

    private static V1.ValuedPath Path(string search, params (int Node, double Value)[] steps) => new()
    {
        SearchId = search,
        Problem = PrmHost.Problem(),
        Steps =
        {
            steps.Select(one => new V1.ValuedStep
            {
                Node = one.Node,
                Value = Math.Max(0, one.Value),
                Visits = one.Value < 0 ? 0 : 2,
                Step = PrmHost.Step($"text {one.Node}", V1.StepAction.Refine),
            }),
        },
    };

    [Theory]
    [InlineData(V1.PrmDataKind.Hard, 0, new double[] { 1, 1 }, new double[] { 1, 0 }, new double[] { 1, 1 }, new double[] { 0 })]
    [InlineData(V1.PrmDataKind.Hard, 0.6, new double[] { 1, 1 }, new double[] { 1, 0 }, new double[] { 1, 0 }, new double[] { 0 })]
    [InlineData(V1.PrmDataKind.Soft, 0, new[] { 0.6, 0.9 }, new[] { 0.6, 0.1 }, new[] { 0.6, 0.55 }, new[] { 0.2 })]
    public async Task EachPathWithANodeOfItsOwnIsOneExample(
        V1.PrmDataKind kind, double threshold, double[] first, double[] second, double[] third, double[] fourth)
    {
        await using var host = await PrmHost.StartAsync();
        var request = Request(kind);
        request.Threshold = threshold;

        var examples = await host.BuildAsync(request);

        Assert.Equal(["s/prm/2", "s/prm/3", "s/prm/4", "s/prm/6"], examples.Select(one => one.Id));
        Assert.Equal([first, second, third, fourth], examples.Select(one => one.Stepwise.Labels.ToArray()));
        Assert.Equal(
            ["\n\nStep 1, refine the structure:\ntext 1", "\n\nStep 2, refine the structure:\ntext 2"], examples[0].Stepwise.Completions);
        Assert.Equal(PrmTexts.Problem(PrmHost.Problem()), examples[0].Stepwise.Prompt);
        Assert.Empty(host.Policy.Requests);
    }

    [Fact]
    public async Task AnExamplesTextIsWhatTheServiceSends()
    {
        await using var host = await PrmHost.StartAsync();
        host.Policy.Adapters = ["prm"];
        var path = Path("s", (1, 0.6), (2, 0.9));
        var example = Assert.Single(await host.BuildAsync(new V1.BuildPrmDataRequest { Kind = V1.PrmDataKind.Soft, Paths = { path } })).Stepwise;

        await host.ScoreAsync(new V1.ScoreStepsRequest { Problem = path.Problem, Steps = { path.Steps.Select(one => one.Step) } });

        var sent = Assert.Single(host.Policy.Requests);
        Assert.Equal(example.Prompt, ScriptedPolicy.TextOf(sent.Prompt));
        Assert.Equal(example.Completions, sent.Segments.Select(one => ScriptedPolicy.TextOf(one.Text)));
    }

    [Fact]
    public async Task SiblingsArePairedBestAgainstWorstFirst()
    {
        await using var host = await PrmHost.StartAsync();

        var examples = await host.BuildAsync(Request(V1.PrmDataKind.Pairs));

        Assert.Equal(["s/prm/1-6", "s/prm/2-3", "s/prm/4-3", "s/prm/2-4"], examples.Select(one => one.Id));
        var pair = examples[1].StepwisePreference;
        Assert.Equal(["\n\nStep 1, refine the structure:\ntext 1"], pair.Prefix);
        Assert.Equal(("\n\nStep 2, refine the structure:\ntext 2", "\n\nStep 2, refine the structure:\ntext 3"), (pair.Chosen, pair.Rejected));
        Assert.Empty(examples[0].StepwisePreference.Prefix);
    }

    [Fact]
    public async Task MarginAndNumberLimitPairs()
    {
        await using var host = await PrmHost.StartAsync();
        var request = Request(V1.PrmDataKind.Pairs);
        (request.Margin, request.PairsPerNode) = (0.4, 1);
        Assert.Equal(["s/prm/1-6", "s/prm/2-3"], (await host.BuildAsync(request)).Select(one => one.Id));
        request.Margin = 0.5;
        Assert.Equal(["s/prm/2-3"], (await host.BuildAsync(request)).Select(one => one.Id));
    }

    [Fact]
    public async Task VeryManySiblingsArePairedBestAgainstWorst()
    {
        await using var host = await PrmHost.StartAsync();
        var request = new V1.BuildPrmDataRequest { Kind = V1.PrmDataKind.Pairs, PairsPerNode = 2 };
        const int Siblings = 20_000;
        for (var i = 0; i < Siblings; i++)
        {
            request.Paths.Add(new V1.ValuedPath
            {
                SearchId = "s",
                Problem = new V1.Problem { Statement = "x", Mode = V1.ProblemMode.Stdio },
                Steps =
                {
                    new V1.ValuedStep
                    {
                        Step = PrmHost.Step($"{i}"),
                        Value = i / (double)Siblings,
                        Visits = 1,
                        Node = i + 1,
                    },
                },
            });
        }

        // All pairs of so many would be 400 million.
        Assert.Equal(["s/prm/20000-1", "s/prm/19999-1"], (await host.BuildAsync(request)).Select(one => one.Id));
    }

    [Fact]
    public async Task NodesOfDifferentSearchesAreDifferent()
    {
        await using var host = await PrmHost.StartAsync();
        var request = new V1.BuildPrmDataRequest { Kind = V1.PrmDataKind.Pairs, Paths = { Path("a", (1, 0)), Path("b", (2, 1)) } };
        Assert.Empty(await host.BuildAsync(request));
        request.Kind = V1.PrmDataKind.Soft;
        Assert.Equal(2, (await host.BuildAsync(request)).Count);
    }

    [Fact]
    public async Task BadInputIsNamed()
    {
        await using var host = await PrmHost.StartAsync();
        await RefusedAsync(request => request.Kind = V1.PrmDataKind.Unspecified, "kind is '0'");
        await RefusedAsync(request => request.Threshold = 1.5, "threshold is '1.5'");
        await RefusedAsync(request => request.Margin = double.NaN, "margin is 'NaN'");
        await RefusedAsync(request => request.PairsPerNode = 65, "pairs_per_node is '65'");
        await RefusedAsync(request => request.PairsPerNode = int.MinValue, "pairs_per_node is '-2147483648'");
        await RefusedAsync(request => request.Kind = (V1.PrmDataKind)99, "kind is '99'");
        await RefusedAsync(request => request.Threshold = double.NaN, "threshold is 'NaN'");
        await RefusedAsync(request => request.Margin = double.PositiveInfinity, "margin is 'Infinity'");
        await RefusedAsync(request => request.Paths[0].Problem = null, "paths[0].problem is absent");
        await RefusedAsync(request => request.Paths[0].Steps[0].Step = null, "paths[0].steps[0].step is absent");
        await RefusedAsync(request => request.Paths[0].Steps[0].Step.Action = (V1.StepAction)99, "paths[0].steps[0].step.action is '99'");
        await RefusedAsync(request => request.Paths[0].Steps[0].Value = double.NaN, "paths[0].steps[0].value is 'NaN'");
        await RefusedAsync(request => request.Paths[0].Steps[0].Visits = -1, "paths[0].steps[0].visits is '-1'");
        await RefusedAsync(request => request.Paths[0].Steps[0].Node = 0, "paths[0].steps[0].node is '0'");
        await RefusedAsync(request => request.Paths[0].Steps.Clear(), "paths[0].steps is '0 steps'");
        await RefusedAsync(request => request.Paths[1].Steps[1].Value = 1.1, "paths[1].steps[1].value is '1.1'");
        await RefusedAsync(request => request.Paths[1].Steps[1].Node = 1, "paths[1].steps[1].node is '1': expected a number above 1");
        await RefusedAsync(request => request.Paths[2].Steps[0].Value = 0.7, "paths[2].steps[0].node is '1': expected a node that is the same in all paths of search 's'");

        async Task RefusedAsync(Action<V1.BuildPrmDataRequest> change, string message)
        {
            var request = Request(V1.PrmDataKind.Soft);
            change(request);
            var error = await Assert.ThrowsAsync<RpcException>(() => host.BuildAsync(request));
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.StartsWith(message, error.Status.Detail);
        }
    }
}
