using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

/// <summary>
/// Both halves at once: a Policy over another Policy's OpenAI interface answers as that one's engine does, token by token and
/// number by number.
/// </summary>
public sealed class RoundTripTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tokens_log_probabilities_and_ends_are_those_of_the_engine_behind()
    {
        var engine = new TokenEngine();
        await using var near = await PolicyHost.StartAsync(new TokenEngine());
        await using var there = await OpenAiHost.StartAsync(engine);
        await using var far = await PolicyHost.StartRemoteAsync(there.Address);
        var request = Requests.Generate(Requests.Chat((V1.ChatRole.User, "Write f.")), Requests.Tokens(64, 151_645));
        (request.Sequences, request.Sampling.Seed) = (3, ulong.MaxValue - 5);
        request.Sampling.Stop.Add("END");
        request.Sampling.SamplingLogProbabilities = true;

        var expected = await Collect(near, request);
        var answered = await Collect(far, request);

        Assert.Equal(expected.Count, answered.Count);
        Assert.Equal(expected[0].Accepted.Prompt, answered[0].Accepted.Prompt);
        Assert.Equal(expected.Select(one => one.Chunk), answered.Select(one => one.Chunk));
        Assert.Equal(expected.Select(one => one.Finished), answered.Select(one => one.Finished));
        Assert.Equal(
            [V1.FinishReason.EndOfTurn, V1.FinishReason.StopString, V1.FinishReason.MaxTokens],
            answered.Where(one => one.Finished is not null).Select(one => one.Finished.Reason));
        var (usage, cost) = (expected[^1].Usage, answered[^1].Usage);
        Assert.Equal((usage.PromptTokens, usage.CachedTokens, usage.GeneratedTokens), (cost.PromptTokens, cost.CachedTokens, cost.GeneratedTokens));
        Assert.Equal((ulong.MaxValue - 5, 0.5f, 40, 0.9f, 8), (engine.Asked!.Sampling.Seed, engine.Asked.Sampling.Temperature,
            engine.Asked.Sampling.TopK, engine.Asked.Sampling.TopP, engine.Asked.Sampling.MaxTokens));
    }

    [Fact]
    public async Task Biases_penalty_constraint_and_the_likeliest_tokens_come_through()
    {
        var engine = new TokenEngine();
        await using var near = await PolicyHost.StartAsync(new TokenEngine());
        await using var there = await OpenAiHost.StartAsync(engine);
        await using var far = await PolicyHost.StartRemoteAsync(there.Address);
        var request = Requests.Generate(Requests.Tokens(64));
        (request.Sampling.MinP, request.Sampling.RepetitionPenalty, request.Sampling.TopLogProbabilities) = (0.25f, 1.5f, 3);
        request.Sampling.LogitBias.Add(7, -100);
        request.Sampling.LogitBias.Add(9, 2.5f);
        request.Sampling.Constraint = new V1.Constraint { Regex = "[a-z\"é]{1,40}" };

        var expected = await Collect(near, request);
        var answered = await Collect(far, request);

        Assert.Contains(expected, one => one.Chunk is not null);
        Assert.DoesNotContain(expected, one => one.Chunk?.SamplingLogProbabilities.Count > 0);
        Assert.All(answered.Where(one => one.Chunk is not null), one => Assert.Equal(3, one.Chunk.TopLogProbabilities.Single().Tokens.Count));
        Assert.Equal(expected.Select(one => one.Chunk), answered.Select(one => one.Chunk));
        var asked = engine.Asked!.Sampling;
        Assert.Equal((0.25f, 1.5f, 3), (asked.MinP, asked.RepetitionPenalty, asked.TopLogProbabilities));
        Assert.Equal([KeyValuePair.Create(7, -100f), KeyValuePair.Create(9, 2.5f)], asked.LogitBias.OrderBy(one => one.Key));
        Assert.Equal((ConstraintKind.Regex, "[a-z\"é]{1,40}"), (asked.Constraint!.Kind, asked.Constraint.Text));

        request.Sampling.Constraint = new V1.Constraint { Grammar = "root ::= \"a\"+" };
        await Collect(far, request);
        Assert.Equal((ConstraintKind.Grammar, "root ::= \"a\"+"), (engine.Asked.Sampling.Constraint!.Kind, engine.Asked.Sampling.Constraint.Text));
    }

    [Fact]
    public async Task A_sequence_without_a_token_left_is_told_as_such()
    {
        var engine = new ScriptedEngine
        {
            Script = stop => ScriptedEngine.Of(
            [
                new PromptAccepted(0),
                new SequenceChunk(0, [64], "a", [0f], [-1f]),
                new SequenceFinished(0, FinishReason.NoToken, null, "a", [64]),
            ], stop),
        };
        await using var there = await OpenAiHost.StartAsync(engine);
        await using var far = await PolicyHost.StartRemoteAsync(there.Address);

        var request = Requests.Generate(Requests.Tokens(64));
        request.Sequences = 1;

        var answered = await Collect(far, request);

        var finished = Assert.Single(answered, one => one.Finished is not null).Finished;
        Assert.Equal((V1.FinishReason.NoToken, "", "a"), (finished.Reason, finished.Stop, finished.Text));
    }

    [Fact]
    public async Task Scores_and_labels_are_those_of_the_engine_behind()
    {
        await using var near = await PolicyHost.StartAsync(new TokenEngine());
        await using var there = await OpenAiHost.StartAsync(new TokenEngine());
        await using var far = await PolicyHost.StartRemoteAsync(there.Address);
        var labels = new V1.ScoreLabelsRequest
        {
            Prompt = new V1.Prompt { Parts = { Requests.Tokens(1, 2) } },
            Labels = { " +", " -" },
            Segments =
            {
                new V1.LabelSegment { Text = new V1.Prompt { Parts = { Requests.Text("one") } }, Separator = new V1.Prompt { Parts = { Requests.Tokens(5) } } },
                new V1.LabelSegment { Text = new V1.Prompt { Parts = { Requests.Text("two") } } },
            },
        };

        var expected = await near.Client.ScoreAsync(Requests.Score(), cancellationToken: Cancellation);
        var scored = await far.Client.ScoreAsync(Requests.Score(), cancellationToken: Cancellation);
        var expectedLabels = await near.Client.ScoreLabelsAsync(labels, cancellationToken: Cancellation);
        var scoredLabels = await far.Client.ScoreLabelsAsync(labels, cancellationToken: Cancellation);

        Assert.Equal(expected.LogProbabilities, scored.LogProbabilities);
        Assert.Equal(expectedLabels.Segments, scoredLabels.Segments);
        Assert.Equal(expectedLabels.PromptTokens, scoredLabels.PromptTokens);
    }

    [Fact]
    public async Task An_adapter_of_the_other_side_is_found_by_its_version_and_answers_say_whose_they_are()
    {
        await using var there = await OpenAiHost.StartAsync(new TokenEngine());
        await using var far = await PolicyHost.StartRemoteAsync(there.Address);
        using var served = new AdapterFolder(1);
        using var unknown = new AdapterFolder(2);
        await there.Services.GetRequiredService<AdapterRegistry>().LoadAsync(
            "theirs", served.Path, there.Services.GetRequiredService<ModelHost>().Require(), Cancellation);

        await Load(far, "ours", served);
        var request = Requests.Generate(Requests.Tokens(1));
        request.Adapter = "ours";
        var accepted = (await Collect(far, request))[0].Accepted;
        var refused = await Assert.ThrowsAsync<RpcException>(() => Load(far, "other", unknown));
        var model = await far.Client.GetModelAsync(new(), cancellationToken: Cancellation);

        Assert.Equal(("ours", served.Version), (accepted.Model.Adapter, accepted.Model.AdapterVersion));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Equal((EmbeddedModel.Shared.Id, $"remote/{new Uri(there.Address).Authority}", "unknown"),
            (model.Model.ModelId, model.Backend, model.Precision));
        Assert.NotEqual(EmbeddedModel.Shared.Hash, model.Model.ModelHash);
    }

    private static async Task Load(PolicyHost host, string name, AdapterFolder folder) => await host.Client.LoadAdapterAsync(
        new V1.LoadAdapterRequest { Name = name, Folder = folder.Path }, cancellationToken: Cancellation);

    private static async Task<List<V1.GenerateResponse>> Collect(PolicyHost host, V1.GenerateRequest request)
    {
        using var call = host.Client.Generate(request, deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: Cancellation);
        var responses = new List<V1.GenerateResponse>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(Cancellation))
        {
            responses.Add(response);
        }

        return responses;
    }
}
