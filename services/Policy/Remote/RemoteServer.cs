using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Grpc.Core;
using O1Coder.Inference;
using O1Coder.Policy.OpenAi;

namespace O1Coder.Policy.Remote;

/// <summary>
/// An OpenAI-compatible server over HTTP. Errors are told as the contract's: ArgumentException for what the server calls
/// the caller's fault, <see cref="EngineBusyException"/> when it is full, <see cref="RpcException"/> for the rest. The
/// client makes a request again (see <see cref="RemoteRetries"/>) only while no answer has begun.
/// </summary>
/// <param name="http">A client whose base address ends in "/v1/" or the like.</param>
internal sealed class RemoteServer(HttpClient http) : IDisposable
{
    /// <summary>The name of the client in <see cref="IHttpClientFactory"/>.</summary>
    public const string ClientName = "remote";

    private const string EndOfStream = "[DONE]";
    private const int LongestReason = 300;

    // llama.cpp refuses fields that it does not serve even where they are null.
    private static readonly OpenAiJson s_sent =
        new(new JsonSerializerOptions(OpenAiJson.Default.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    /// <summary>Host and port, for people.</summary>
    public string Host => http.BaseAddress!.Authority;

    /// <summary>The models that it serves.</summary>
    public async Task<IReadOnlyList<ModelCard>> ListModelsAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "models");
        using var response = await SendAsync(request, cancellationToken);
        return (await ReadAsync(response, OpenAiJson.Default.ModelList, cancellationToken)).Data ?? [];
    }

    /// <summary>Asks for a whole answer.</summary>
    public async Task<Completion> CompleteAsync(CompletionRequest completion, CancellationToken cancellationToken)
    {
        using var request = Post("completions", completion, s_sent.CompletionRequest);
        using var response = await SendAsync(request, cancellationToken);
        return await ReadAsync(response, OpenAiJson.Default.Completion, cancellationToken);
    }

    /// <summary>Asks for an answer as a stream.</summary>
    public async IAsyncEnumerable<Completion> StreamAsync(
        CompletionRequest completion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = Post("completions", completion with { Stream = true }, s_sent.CompletionRequest);
        using var response = await SendAsync(request, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var events = SseParser.Create(stream).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(events, cancellationToken) is { } one)
        {
            yield return one;
        }
    }

    /// <summary>Asks for an adapter to be loaded or forgotten, by vLLM's and SGLang's means.</summary>
    /// <param name="path">Relative to the base address.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null, or why the server refused.</returns>
    public async Task<string?> ChangeAdapterAsync(string path, LoadAdapterRequest adapter, CancellationToken cancellationToken)
    {
        using var request = Post(path, adapter, s_sent.LoadAdapterRequest);
        using var response = await SendUncheckedAsync(request, cancellationToken);
        return response.IsSuccessStatusCode ? null
            : $"{(int)response.StatusCode} {await ReasonAsync(response, cancellationToken)}";
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    /// <summary>The error of a server that cannot be used now.</summary>
    public RpcException Unavailable(string what) => Error(StatusCode.Unavailable, what);

    /// <summary>The error of a server that does not keep to the interface.</summary>
    public RpcException Broken(string what) => Error(StatusCode.Internal, what);

    /// <summary>The error of something that this server does not do.</summary>
    public RpcException NotServed(string what) => Error(StatusCode.FailedPrecondition, what);

    private static HttpRequestMessage Post<T>(string path, T body, JsonTypeInfo<T> type) => new(HttpMethod.Post, path)
    {
        Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type))
        {
            Headers = { ContentType = new("application/json") },
        },
    };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await SendUncheckedAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Refused(response, await ReasonAsync(response, cancellationToken));
        }
    }

    private async Task<HttpResponseMessage> SendUncheckedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unavailable($"cannot be reached: {exception.Message}");
        }
    }

    private Exception Refused(HttpResponseMessage response, string reason) => response.StatusCode switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity =>
            new ArgumentException($"{Host} refuses the request: {reason}"),
        HttpStatusCode.TooManyRequests => new EngineBusyException($"{Host} is full: {reason}", RemoteRetries.Asked(response) ?? RemoteRetries.WhenBusy),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            NotServed($"answers {(int)response.StatusCode}: expected O1CODER_REMOTE_KEY to hold a key that it takes"),
        HttpStatusCode.NotFound => NotServed($"answers 404: {reason}"),
        _ => Unavailable($"answers {(int)response.StatusCode}: {reason}"),
    };

    // Errors have their message at one of several places.
    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = "";
        try
        {
            text = await response.Content.ReadAsStringAsync(cancellationToken);
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            foreach (var place in new[] { "error", "message", "detail" })
            {
                if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(place, out var inner))
                {
                    root = inner;
                }
            }

            text = root.ToString();
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException)
        {
            text = text.Length > 0 ? text : response.ReasonPhrase ?? "";
        }

        text = text.ReplaceLineEndings(" ");
        return text.Length > LongestReason ? text[..LongestReason] : text;
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken) ?? throw Broken("answered null");
        }
        catch (JsonException exception)
        {
            throw Broken($"answered what cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unavailable($"broke off its answer: {exception.Message}");
        }
    }

    private async Task<Completion?> NextAsync(IAsyncEnumerator<SseItem<string>> events, CancellationToken cancellationToken)
    {
        try
        {
            if (!await events.MoveNextAsync() || events.Current.Data == EndOfStream)
            {
                return null;
            }

            var data = events.Current.Data;
            using var document = JsonDocument.Parse(data);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error)
                ? throw Unavailable($"broke off its answer: {error}")
                : JsonSerializer.Deserialize(data, OpenAiJson.Default.Completion) ?? throw Broken("sent null");
        }
        catch (JsonException exception)
        {
            throw Broken($"sent what cannot be read: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unavailable($"broke off its answer: {exception.Message}");
        }
    }

    private RpcException Error(StatusCode status, string what) => new(new Status(status, $"{Host} {what}".ReplaceLineEndings(" ")));
}
