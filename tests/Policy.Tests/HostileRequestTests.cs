using Google.Protobuf;
using Grpc.Core;
using O1Coder.ServiceDefaults;

namespace O1Coder.Policy.Tests;

/// <summary>Requests that cannot be served, over the wire to a real engine: each is refused by name, and the service lives on.</summary>
public sealed class HostileRequestTests(HostileRequestTests.Service service) : IClassFixture<HostileRequestTests.Service>
{
    private const int Megabyte = 1 << 20;

    private static readonly float[] s_noNumbers = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -1, float.MaxValue];

    private static readonly Dictionary<string, (StatusCode Status, string Message, Action<All> Spoil)> s_cases = new()
    {
        ["empty prompt"] = (StatusCode.InvalidArgument, "prompt.parts is 'empty': expected at least one part", all => all.Prompt.Parts.Clear()),
        ["prompt without a token"] = (StatusCode.InvalidArgument, "expected at least one token", all => all.Prompt.Parts[0].Text = ""),
        ["prompt over the context"] = (StatusCode.InvalidArgument, $"{TinyModel.Context + 1} tokens up to part 0': expected at most",
            all => all.Prompt.Parts[0] = Requests.Tokens(new int[TinyModel.Context + 1])),
        ["unknown adapter"] = (StatusCode.NotFound, "adapter is 'none': expected an empty name", all => all.Adapter("none")),
        ["token beyond the vocabulary"] = (StatusCode.InvalidArgument, $"ids[1] is '{TinyModel.Vocabulary}': expected a token id from 0 to {TinyModel.Vocabulary - 1}",
            all => all.Prompt.Parts[0] = Requests.Tokens(1, TinyModel.Vocabulary)),
        ["negative token"] = (StatusCode.InvalidArgument, "ids[0] is '-2147483648': expected a token id", all => all.Prompt.Parts[0] = Requests.Tokens(int.MinValue)),
        ["part of no kind"] = (StatusCode.InvalidArgument, "prompt.parts[0].kind is 'None': expected chat, text or tokens", all => all.Prompt.Parts[0] = new()),
        ["unknown role"] = (StatusCode.InvalidArgument, "role is '999': expected system, user or assistant",
            all => all.Prompt.Parts[0] = Requests.Chat(((V1.ChatRole)999, "x"))),
        ["unknown priority"] = (StatusCode.InvalidArgument, "ticket.priority is '999': expected low, normal or high",
            all => all.Ticket(new V1.QueueTicket { Priority = (V1.Priority)999 })),
        ["long caller"] = (StatusCode.InvalidArgument, "ticket.caller is '1048576 characters': expected at most 256 characters",
            all => all.Ticket(new V1.QueueTicket { Caller = new string('c', Megabyte) })),
        ["a megabyte of text"] = (StatusCode.InvalidArgument, "prompt is '1048576 characters': expected a text of at most", all => all.Prompt.Parts[0].Text = new string('é', Megabyte)),
        ["a megabyte of chat"] = (StatusCode.InvalidArgument, "prompt is '1048576 characters': expected a text of at most",
            all => all.Prompt.Parts[0] = Requests.Chat((V1.ChatRole.User, new string('x', Megabyte)))),
        ["a megabyte of adapter"] = (StatusCode.NotFound, "adapter is 'aaaaaaaa", all => all.Adapter(new string('a', Megabyte))),
    };

    private static readonly Dictionary<string, (string Message, Action<V1.GenerateRequest> Spoil)> s_generate = new()
    {
        ["token beyond the vocabulary in the bias"] = ("sampling.logit_bias is 'token 288': expected token ids from 0 to 287", request => request.Sampling.LogitBias[288] = 1),
        ["infinite bias"] = ("sampling.logit_bias[5] is 'Infinity': expected a number in [-100, 100]", request => request.Sampling.LogitBias[5] = float.PositiveInfinity),
        ["top_k below"] = ("sampling.top_k is '-2147483648': expected 0 or more", request => request.Sampling.TopK = int.MinValue),
        ["max_tokens below"] = ("sampling.max_tokens is '-1': expected 1 or more", request => request.Sampling.MaxTokens = -1),
        ["too many likeliest"] = ("sampling.top_log_probabilities is '2147483647': expected 0 to 20", request => request.Sampling.TopLogProbabilities = int.MaxValue),
        ["too many sequences"] = ("sequences is '2147483647': expected 1 to 64", request => request.Sequences = int.MaxValue),
        ["a megabyte of stop"] = ("sampling.stop[1] is '1048576 characters': expected 1 to 1024 characters", request => request.Sampling.Stop.Add(new string('s', Megabyte))),
        ["a megabyte of regex"] = ("expected 1 to 65536 characters", request => request.Sampling.Constraint = new() { Regex = new string('r', Megabyte) }),
        ["a megabyte of grammar"] = ("expected 1 to 65536 characters", request => request.Sampling.Constraint = new() { Grammar = new string('g', Megabyte) }),
        ["forced prefix over the context"] = ("forced_prefix is", request => request.ForcedPrefix = new() { Parts = { Requests.Tokens(new int[TinyModel.Context]) } }),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    public static TheoryData<string> GenerateCases => [.. s_generate.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_request_refuses(string name)
    {
        var (status, message, spoil) = s_cases[name];
        foreach (var ask in All.Calls)
        {
            var all = new All();
            spoil(all);
            await RefusedAsync(status, message, () => ask(all, service.Client));
        }

        await AnswersAsync();
    }

    [Theory]
    [MemberData(nameof(GenerateCases))]
    public async Task Generate_refuses(string name)
    {
        var all = new All();
        s_generate[name].Spoil(all.Generate);

        await RefusedAsync(StatusCode.InvalidArgument, s_generate[name].Message, () => All.Calls[0](all, service.Client));
        await AnswersAsync();
    }

    [Theory]
    [InlineData("temperature")]
    [InlineData("top_p")]
    [InlineData("min_p")]
    [InlineData("repetition_penalty")]
    public async Task Generate_refuses_what_is_no_number_or_out_of_range(string name)
    {
        foreach (var value in s_noNumbers)
        {
            var all = new All();
            V1.SamplingParameters.Descriptor.FindFieldByName(name).Accessor.SetValue(all.Generate.Sampling, value);

            await RefusedAsync(StatusCode.InvalidArgument, $"sampling.{name} is '", () => All.Calls[0](all, service.Client));
        }

        await AnswersAsync();
    }

    [Fact]
    public async Task Hidden_states_are_those_of_the_positions_asked_for()
    {
        var all = new All();
        all.Hidden.Positions.Clear();
        all.Hidden.Positions.Add([0, 2]);
        var two = await service.Client.HiddenStatesAsync(all.Hidden, cancellationToken: Cancellation);
        all.Hidden.Positions.RemoveAt(0);
        var last = await service.Client.HiddenStatesAsync(all.Hidden, cancellationToken: Cancellation);

        Assert.Equal("def"u8.ToArray().Select(value => (int)value), two.Prompt.Ids);
        Assert.All(two.States, state => Assert.Equal(TinyModel.Hidden, state.Values.Count));
        Assert.All(two.States, state => Assert.All(state.Values, value => Assert.True(float.IsFinite(value))));
        Assert.NotEqual(two.States[0], two.States[1]);
        Assert.All(two.States[1].Values.Zip(Assert.Single(last.States).Values), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Equal(service.Client.GetModel(new V1.GetModelRequest(), cancellationToken: Cancellation).Model, two.Model);
    }

    [Fact]
    public async Task Hidden_states_refuse_positions_that_are_not_there()
    {
        foreach (var (positions, message) in new (int[], string)[]
        {
            ([], "positions is '0 positions': expected 1 to 256"),
            ([-1], "positions[0] is '-1': expected 0 to 2, as the prompt has 3 tokens"),
            ([3], "positions[0] is '3': expected 0 to 2"),
            ([1, 1], "positions[1] is '1': expected 2 to 2"),
            ([2, 0], "positions[1] is '0': expected ascending positions of a prompt of 3 tokens"),
            ([.. Enumerable.Range(0, 257)], "positions is '257 positions': expected 1 to 256"),
        })
        {
            var all = new All();
            all.Hidden.Positions.Clear();
            all.Hidden.Positions.Add(positions);
            await RefusedAsync(StatusCode.InvalidArgument, message, () => All.Calls[3](all, service.Client));
        }

        await AnswersAsync();
    }

    [Fact]
    public async Task Labels_and_adapters_of_a_megabyte_are_refused_in_a_short_line()
    {
        var long1 = new string('l', Megabyte);
        var all = new All();
        all.Labels.Labels[1] = long1;
        await RefusedAsync(StatusCode.InvalidArgument, "labels[1] is '1048576 characters': expected", () => All.Calls[2](all, service.Client));
        await RefusedAsync(StatusCode.InvalidArgument, "name is 'llll", () => LoadAsync(long1, "/tmp"));
        await RefusedAsync(StatusCode.InvalidArgument, "folder", () => LoadAsync("a", $"/{long1}"));
        await RefusedAsync(StatusCode.InvalidArgument, "folder", () => LoadAsync("a", "/tmp/\0/x"));
        await RefusedAsync(StatusCode.NotFound, "name is 'llll",
            async () => await service.Client.UnloadAdapterAsync(new V1.UnloadAdapterRequest { Name = long1 }, cancellationToken: Cancellation));
        await AnswersAsync();

        async Task LoadAsync(string name, string folder) => await service.Client.LoadAdapterAsync(
            new V1.LoadAdapterRequest { Name = name, Folder = folder }, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_or_no_text_harm_nobody()
    {
        var text = Requests.Score();
        text.Prompt.Parts[0] = Requests.Text("<=>");
        var valid = text.ToByteArray();
        var at = valid.AsSpan().IndexOf("<=>"u8);

        // Half of a surrogate pair, which UTF-8 has no bytes for.
        var surrogate = valid.ToArray();
        new byte[] { 0xED, 0xA0, 0xBD }.CopyTo(surrogate.AsSpan(at));

        // Cut off in the middle, a length beyond the end, no message at all.
        foreach (var bytes in new[] { surrogate, valid[..(at + 1)], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [.. Enumerable.Repeat((byte)0xFF, 1000)] })
        {
            Assert.Equal(
                (StatusCode.InvalidArgument, "the request to /o1coder.v1.PolicyService/Score cannot be read: expected a message of its type, with texts in UTF-8"),
                await RawAsync(bytes));
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await RawAsync(new byte[ServiceDefaultsExtensions.MaxMessageBytes + 1])).Status);

        await AnswersAsync();
    }

    private static async Task RefusedAsync(StatusCode status, string message, Func<Task> ask)
    {
        var error = await Assert.ThrowsAsync<RpcException>(ask);
        Assert.True(status == error.StatusCode && error.Status.Detail.Contains(message, StringComparison.Ordinal), $"{error.Status}: expected {status}, {message}");
        Assert.InRange(error.Status.Detail.Length, 1, 500);
    }

    private async Task<(StatusCode Status, string Detail)> RawAsync(byte[] message)
    {
        var raw = Marshallers.Create(bytes => bytes, bytes => bytes);
        var score = new Method<byte[], byte[]>(MethodType.Unary, V1.PolicyService.Descriptor.FullName, "Score", raw, raw);
        using var call = service.Channel.CreateCallInvoker().AsyncUnaryCall(score, null, new CallOptions(cancellationToken: Cancellation), message);
        try
        {
            await call;
            return (StatusCode.OK, "");
        }
        catch (RpcException error)
        {
            return (error.StatusCode, error.Status.Detail);
        }
    }

    private async Task AnswersAsync()
    {
        var all = new All();
        await All.Calls[0](all, service.Client);
        await All.Calls[1](all, service.Client);
    }

    /// <summary>One valid request of each kind, spoiled alike.</summary>
    private sealed class All
    {
        public static readonly Func<All, V1.PolicyService.PolicyServiceClient, Task>[] Calls =
        [
            async (all, client) =>
            {
                using var call = client.Generate(all.Generate, cancellationToken: Cancellation);
                await foreach (var response in call.ResponseStream.ReadAllAsync(Cancellation))
                {
                    Assert.NotEqual(V1.GenerateResponse.EventOneofCase.None, response.EventCase);
                }
            },
            async (all, client) => Assert.All((await client.ScoreAsync(all.Score, cancellationToken: Cancellation)).LogProbabilities,
                value => Assert.True(float.IsFinite(value))),
            async (all, client) => await client.ScoreLabelsAsync(all.Labels, cancellationToken: Cancellation),
            async (all, client) => await client.HiddenStatesAsync(all.Hidden, cancellationToken: Cancellation),
        ];

        public All()
        {
            Generate = new V1.GenerateRequest
            {
                Prompt = Prompt,
                Sampling = new V1.SamplingParameters { MaxTokens = 4, Stop = { "\n\n" } },
            };
            Score = new V1.ScoreRequest { Prompt = Prompt, Continuation = new V1.Prompt { Parts = { Requests.Tokens(1, 2, 3) } } };
            Labels = new V1.ScoreLabelsRequest
            {
                Prompt = Prompt,
                Segments = { new V1.LabelSegment { Text = new V1.Prompt { Parts = { Requests.Text("s") } } } },
                Labels = { "+", "-" },
            };
            Hidden = new V1.HiddenStatesRequest { Prompt = Prompt, Positions = { 0 } };
        }

        public V1.Prompt Prompt { get; } = new() { Parts = { Requests.Text("def") } };

        public V1.GenerateRequest Generate { get; }

        public V1.ScoreRequest Score { get; }

        public V1.ScoreLabelsRequest Labels { get; }

        public V1.HiddenStatesRequest Hidden { get; }

        public void Adapter(string name) => Generate.Adapter = Score.Adapter = Labels.Adapter = Hidden.Adapter = name;

        public void Ticket(V1.QueueTicket ticket) => Generate.Ticket = Score.Ticket = Labels.Ticket = Hidden.Ticket = ticket;
    }

    /// <summary>One service for all cases.</summary>
    public sealed class Service : IAsyncLifetime
    {
        private readonly TinyModel _model = new();
        private PolicyHost? _host;

        public V1.PolicyService.PolicyServiceClient Client => _host!.Client;

        public Grpc.Net.Client.GrpcChannel Channel => _host!.Channel;

        public async ValueTask InitializeAsync() => _host = await PolicyHost.StartModelAsync(_model.Folder);

        public async ValueTask DisposeAsync()
        {
            await _host!.DisposeAsync();
            _model.Dispose();
        }
    }
}
