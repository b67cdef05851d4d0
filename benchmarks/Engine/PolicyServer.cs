using Grpc.Core;
using Grpc.Net.Client;
using O1Coder.Inference;
using O1Coder.V1;

namespace O1Coder.Benchmarks;

/// <summary>A Policy that this benchmark started, over gRPC, as its callers see it.</summary>
internal sealed class PolicyServer : ISearchServer
{
    // A value that bans a token.
    private const float Ban = -100;

    private readonly ChildProcess _process;
    private readonly GrpcChannel _channel;
    private readonly PolicyService.PolicyServiceClient _client;
    private GetModelResponse _model = new();

    private PolicyServer(ChildProcess process, GrpcChannel channel) =>
        (_process, _channel, _client) = (process, channel, new PolicyService.PolicyServiceClient(channel));

    /// <inheritdoc/>
    public string Name => $"Policy, {_model.Backend}, {_model.MaxSequences} sequences";

    /// <inheritdoc/>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>Starts it and waits until it has loaded the model. Variables such as O1CODER_MAX_SEQUENCES reach it.</summary>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    public static async Task<PolicyServer> Start(string model, EngineOptions options, CancellationToken cancellationToken)
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var process = ChildProcess.Start(Program, [], new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = address,
            ["O1CODER_HEALTH_PORT"] = null,
            ["O1CODER_OPENAI_PORT"] = "0",
            ["O1CODER_REMOTE"] = null,
            ["O1CODER_MODEL"] = Path.GetFullPath(model),
            ["O1CODER_THREADS"] = $"{options.Threads}",
            ["O1CODER_BACKEND"] = $"{options.Backend}",
            ["O1CODER_PRECISION"] = $"{options.Precision}",
        });
        var server = new PolicyServer(process, GrpcChannel.ForAddress(address));
        try
        {
            await process.Until(server.IsReady, cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<int> Expand(SearchNode node, Action<int, int[]> finished, CancellationToken cancellationToken)
    {
        var request = new GenerateRequest
        {
            Prompt = new Prompt { Parts = { new PromptPart { Tokens = new TokenSequence { Ids = { node.Path } } } } },
            Sequences = node.Children,
            Sampling = new SamplingParameters
            {
                Temperature = SearchNode.Temperature,
                TopK = node.TopK,
                MaxTokens = node.Tokens,
                Seed = (ulong)node.Seed,
                LogitBias = { _model.EndOfTurnTokens.ToDictionary(token => token, _ => Ban) },
            },
        };
        var probabilities = new int[node.Children];
        var usage = new GenerateUsage();
        using var call = _client.Generate(request, cancellationToken: cancellationToken);
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            switch (response.EventCase)
            {
                case GenerateResponse.EventOneofCase.Chunk:
                    probabilities[response.Chunk.Sequence] += response.Chunk.ModelLogProbabilities.Count(float.IsFinite);
                    break;
                case GenerateResponse.EventOneofCase.Finished:
                    var tokens = response.Finished.Tokens.Ids.ToArray();
                    var told = probabilities[response.Finished.Sequence];
                    if (tokens.Length != node.Tokens || told != node.Tokens)
                    {
                        throw new InvalidOperationException($"an answer has {tokens.Length} tokens and {told} log-probabilities: expected {node.Tokens}");
                    }

                    finished(response.Finished.Sequence, tokens);
                    break;
                case GenerateResponse.EventOneofCase.Usage:
                    usage = response.Usage;
                    break;
            }
        }

        return usage.PromptTokens - usage.CachedTokens;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _process.Dispose();
    }

    // Built with the benchmarks, in the same configuration.
    private static string Program
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Repository.Root, "services", "Policy", "bin", framework.Parent!.Name, framework.Name, "O1Coder.Policy");
        }
    }

    private async Task<bool> IsReady()
    {
        try
        {
            _model = await _client.GetModelAsync(new GetModelRequest());
            return true;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
