using Grpc.Core;

namespace O1Coder.Policy.Tests;

public sealed class ValidationTests(ValidationTests.Service service) : IClassFixture<ValidationTests.Service>
{
    private static readonly Dictionary<string, (Action<V1.GenerateRequest> Spoil, string Message)> s_generate = new()
    {
        ["no prompt"] = (request => request.Prompt = null, "prompt.parts is 'empty': expected at least one part"),
        ["no parts"] = (request => request.Prompt.Parts.Clear(), "prompt.parts is 'empty': expected at least one part"),
        ["empty part"] = (request => request.Prompt.Parts[0] = new(), "prompt.parts[0].kind is 'None': expected chat, text or tokens"),
        ["empty text"] = (request => request.Prompt.Parts[0].Text = "", "prompt is '0 tokens': expected at least one token"),
        ["empty chat"] = (request => request.Prompt.Parts[0] = Requests.Chat(),
            "prompt.parts[0].chat.messages is 'empty': expected at least one message"),
        ["no role"] = (request => request.Prompt.Parts[0] = Requests.Chat((V1.ChatRole.Unspecified, "x")),
            "prompt.parts[0].chat.messages[0].role is 'Unspecified': expected system, user or assistant"),
        ["unknown role"] = (request => request.Prompt.Parts[0] = Requests.Chat(((V1.ChatRole)9, "x")),
            "prompt.parts[0].chat.messages[0].role is '9': expected system, user or assistant"),
        ["negative token"] = (request => request.Prompt.Parts[0] = Requests.Tokens(1, -1),
            "prompt.parts[0].tokens.ids[1] is '-1': expected a token id from 0 to 151935"),
        ["token beyond the vocabulary"] = (request => request.Prompt.Parts[0] = Requests.Tokens(151_936),
            "prompt.parts[0].tokens.ids[0] is '151936': expected a token id from 0 to 151935"),
        ["prompt as long as the context"] = (request => request.Prompt.Parts[0] = Requests.Tokens(new int[256]),
            "prompt is '256 tokens up to part 0': expected at most 255 tokens"),
        ["prompt of several parts too long"] = (request => request.Prompt.Parts.Add(Requests.Tokens(new int[255])),
            "up to part 1': expected at most 255 tokens"),
        ["huge text"] = (request => request.Prompt.Parts[0].Text = new string('!', 2_000_000),
            "prompt is '2000000 characters': expected a text of at most 255 tokens"),
        ["too many sequences"] = (request => request.Sequences = 65, "sequences is '65': expected 1 to 64, or 0 for 1"),
        ["negative sequences"] = (request => request.Sequences = -1, "sequences is '-1': expected 1 to 64, or 0 for 1"),
        ["no sampling"] = (request => request.Sampling = null, "sampling is absent: expected parameters with at least max_tokens"),
        ["temperature not a number"] = (request => request.Sampling.Temperature = float.NaN,
            "sampling.temperature is 'NaN': expected a number in [0, 5]"),
        ["temperature below"] = (request => request.Sampling.Temperature = -0.1f,
            "sampling.temperature is '-0.1': expected a number in [0, 5]"),
        ["temperature above"] = (request => request.Sampling.Temperature = float.PositiveInfinity,
            "sampling.temperature is 'Infinity': expected a number in [0, 5]"),
        ["top_k below"] = (request => request.Sampling.TopK = -1, "sampling.top_k is '-1': expected 0 or more"),
        ["top_p not a number"] = (request => request.Sampling.TopP = float.NaN, "sampling.top_p is 'NaN': expected a number in [0, 1]"),
        ["top_p above"] = (request => request.Sampling.TopP = 1.5f, "sampling.top_p is '1.5': expected a number in [0, 1]"),
        ["min_p above"] = (request => request.Sampling.MinP = 1.5f, "sampling.min_p is '1.5': expected a number in [0, 1]"),
        ["min_p not a number"] = (request => request.Sampling.MinP = float.NaN, "sampling.min_p is 'NaN': expected a number in [0, 1]"),
        ["penalty below"] = (request => request.Sampling.RepetitionPenalty = 0.05f,
            "sampling.repetition_penalty is '0.05': expected a number in [0.1, 10], or 0 for 1"),
        ["penalty not a number"] = (request => request.Sampling.RepetitionPenalty = float.NaN,
            "sampling.repetition_penalty is 'NaN': expected a number in [0.1, 10], or 0 for 1"),
        ["too many likeliest tokens"] = (request => request.Sampling.TopLogProbabilities = 21,
            "sampling.top_log_probabilities is '21': expected 0 to 20"),
        ["bias of an unknown token"] = (request => request.Sampling.LogitBias.Add(151_936, 1),
            "sampling.logit_bias is 'token 151936': expected token ids from 0 to 151935"),
        ["bias above"] = (request => request.Sampling.LogitBias.Add(5, 100.5f),
            "sampling.logit_bias[5] is '100.5': expected a number in [-100, 100]"),
        ["bias not a number"] = (request => request.Sampling.LogitBias.Add(5, float.NaN),
            "sampling.logit_bias[5] is 'NaN': expected a number in [-100, 100]"),
        ["too many biases"] = (request => request.Sampling.LogitBias.Add(Enumerable.Range(0, 1025).ToDictionary(i => i, _ => 1f)),
            "sampling.logit_bias is '1025 tokens': expected at most 1024"),
        ["empty constraint"] = (request => request.Sampling.Constraint = new(),
            "sampling.constraint.kind is 'None': expected regex or grammar"),
        ["wrong regex"] = (request => request.Sampling.Constraint = new() { Regex = "a(b" },
            "sampling.constraint.regex is 'a(b': expected ')' at character 3"),
        ["empty regex"] = (request => request.Sampling.Constraint = new() { Regex = "" },
            "sampling.constraint.regex is '': expected 1 to 65536 characters, not 0"),
        ["huge regex"] = (request => request.Sampling.Constraint = new() { Regex = "(a{1,1000}){1,1000}" },
            "sampling.constraint.regex is '(a{1,1000}){1,1000}': expected at most 65536 states and edges"),
        ["wrong grammar"] = (request => request.Sampling.Constraint = new() { Grammar = "root ::= root \"a\"" },
            "sampling.constraint.grammar is 'root ::= root \"a\"': expected a rule 'root' that comes to an end at character 9"),
        ["chat in the forced prefix"] = (request => request.ForcedPrefix = new() { Parts = { Requests.Chat((V1.ChatRole.User, "x")) } },
            "forced_prefix.parts[0].kind is 'Chat': expected text or tokens"),
        ["forced prefix as long as the answer"] = (request => request.ForcedPrefix = new() { Parts = { Requests.Tokens(new int[8]) } },
            "forced_prefix is '8 tokens up to part 0': expected at most 7 tokens"),
        ["forced prefix that ends the turn"] = (request => request.ForcedPrefix = new() { Parts = { Requests.Tokens(5, 151_645) } },
            "forced_prefix is 'token 151645': expected no token that ends a turn"),
        ["unknown token in the forced prefix"] = (request => request.ForcedPrefix = new() { Parts = { Requests.Tokens(-1) } },
            "forced_prefix.parts[0].tokens.ids[0] is '-1': expected a token id from 0 to 151935"),
        ["no tokens asked for"] = (request => request.Sampling.MaxTokens = 0, "sampling.max_tokens is '0': expected 1 or more"),
        ["empty stop"] = (request => request.Sampling.Stop.Add(""), "sampling.stop[1] is '': expected 1 to 1024 characters"),
        ["long stop"] = (request => request.Sampling.Stop.Add(new string('x', 1025)),
            "sampling.stop[1] is '1025 characters': expected 1 to 1024 characters"),
        ["too many stops"] = (request => request.Sampling.Stop.Add(Enumerable.Repeat("x", 16)),
            "sampling.stop is '17 strings': expected at most 16"),
    };

    public static TheoryData<string> Cases => [.. s_generate.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Generate_refuses(string name)
    {
        var request = Requests.Generate();
        s_generate[name].Spoil(request);

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using var call = service.Client.Generate(request, cancellationToken: TestContext.Current.CancellationToken);
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        });

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(s_generate[name].Message, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_adapter_is_not_found()
    {
        var generate = Requests.Generate();
        var score = Requests.Score();
        generate.Adapter = score.Adapter = "mine";

        var generated = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using var call = service.Client.Generate(generate, cancellationToken: TestContext.Current.CancellationToken);
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        });
        var scored = await Assert.ThrowsAsync<RpcException>(() => ScoreAsync(score));

        Assert.Equal((StatusCode.NotFound, StatusCode.NotFound), (generated.StatusCode, scored.StatusCode));
        Assert.Contains("'mine'", generated.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_refuses_an_empty_or_a_too_long_continuation()
    {
        var empty = Requests.Score();
        empty.Continuation = null;
        var tooLong = Requests.Score();
        tooLong.Continuation.Parts.Add(Requests.Tokens(new int[253]));

        var first = await Assert.ThrowsAsync<RpcException>(() => ScoreAsync(empty));
        var second = await Assert.ThrowsAsync<RpcException>(() => ScoreAsync(tooLong));

        Assert.Equal((StatusCode.InvalidArgument, "continuation.parts is 'empty': expected at least one part"),
            (first.StatusCode, first.Status.Detail));
        Assert.Equal((StatusCode.InvalidArgument, "continuation is '256 tokens up to part 1': expected at most 255 tokens"),
            (second.StatusCode, second.Status.Detail));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        var error = Assert.Throws<RpcException>(() => PromptReader.RequireWellFormed("ab\uD83D", "prompt.parts[0].text"));

        Assert.Equal("prompt.parts[0].text is 'half of a surrogate pair at 2': expected well-formed Unicode", error.Status.Detail);
    }

    private async Task ScoreAsync(V1.ScoreRequest request) =>
        await service.Client.ScoreAsync(request, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>One service for all cases: none reaches its engine.</summary>
    public sealed class Service : IAsyncLifetime
    {
        private PolicyHost? _host;

        public V1.PolicyService.PolicyServiceClient Client => _host!.Client;

        public async ValueTask InitializeAsync() => _host = await PolicyHost.StartAsync(new ScriptedEngine());

        public async ValueTask DisposeAsync() => await _host!.DisposeAsync();
    }
}
