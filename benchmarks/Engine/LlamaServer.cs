using System.Net.Http.Json;
using System.Text.Json;

namespace O1Coder.Benchmarks;

/// <summary>A llama-server that this benchmark started.</summary>
internal sealed class LlamaServer : ISearchServer
{
    private static readonly string[] s_samplers = ["top_k", "temperature"];
    private static readonly string[] s_fields = ["tokens", "completion_probabilities", "timings"];
    private readonly ChildProcess _process;
    private readonly HttpClient _client;
    private readonly LlamaServerShape _shape;

    private LlamaServer(ChildProcess process, HttpClient client, LlamaServerShape shape) =>
        (_process, _client, _shape) = (process, client, shape);

    /// <inheritdoc/>
    public string Name => $"llama-server {_shape.Name}";

    /// <inheritdoc/>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>What it calls its build.</summary>
    public string Build { get; private set; } = "";

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Model and threads.</param>
    /// <param name="shape">How it is run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    public static async Task<LlamaServer> Start(
        string program, IEnumerable<string> arguments, LlamaServerShape shape, CancellationToken cancellationToken)
    {
        var port = FreePort.Find();
        var process = ChildProcess.Start(
            program, [.. arguments, .. shape.Arguments, "--host", "127.0.0.1", "--port", $"{port}", "--no-webui"], new Dictionary<string, string?>());
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Timeout.InfiniteTimeSpan };
        var server = new LlamaServer(process, client, shape);
        try
        {
            await process.Until(async () => (await client.GetAsync(new Uri("/health", UriKind.Relative), cancellationToken)).IsSuccessStatusCode, cancellationToken);
            var properties = await client.GetFromJsonAsync<JsonElement>(new Uri("/props", UriKind.Relative), cancellationToken);
            server.Build = properties.GetProperty("build_info").GetString()!;
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
        if (_shape.Together)
        {
            return await Request(node, node.Children, 0, finished, cancellationToken);
        }

        var computed = await Task.WhenAll(Enumerable.Range(0, node.Children).Select(child =>
            Request(node with { Seed = (node.Seed * node.Children) + child }, 1, child, finished, cancellationToken)));
        return computed.Sum();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _process.Dispose();
    }

    private async Task<int> Request(SearchNode node, int children, int first, Action<int, int[]> finished, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsJsonAsync(new Uri("/completion", UriKind.Relative), new
        {
            prompt = node.Path,
            n_predict = node.Tokens,
            n_cmpl = children,
            seed = node.Seed,
            temperature = SearchNode.Temperature,
            samplers = s_samplers,
            top_k = node.TopK,
            ignore_eos = true,
            n_probs = 1,
            post_sampling_probs = _shape.Drawn,
            cache_prompt = true,
            return_tokens = true,
            response_fields = s_fields,
        }, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{Name} answered {(int)response.StatusCode}: {text}");
        }

        using var answer = JsonDocument.Parse(text);
        var results = children == 1 ? [answer.RootElement] : answer.RootElement.EnumerateArray().ToArray();
        for (var child = 0; child < children; child++)
        {
            finished(first + child, Read(results[child], node.Tokens, _shape.Drawn ? "prob" : "logprob"));
        }

        // Children of one request tell their parent's prompt again.
        return results[0].GetProperty("timings").GetProperty("prompt_n").GetInt32();
    }

    private static int[] Read(JsonElement result, int count, string probability)
    {
        int[] tokens = [.. result.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32())];
        var told = result.GetProperty("completion_probabilities").EnumerateArray().Count(
            place => double.IsFinite(place.GetProperty(probability).GetDouble()));

        // It goes on to the end of a character that tokens split.
        return tokens.Length >= count && told >= count
            ? tokens[..count]
            : throw new InvalidOperationException($"an answer has {tokens.Length} tokens and {told} log-probabilities: expected {count}");
    }
}
