using System.Net;
using System.Text.Json;
using O1Coder.Inference;

namespace O1Coder.Policy.OpenAi;

/// <summary>OpenAI's HTTP interface: <c>/v1/models</c>, <c>/v1/completions</c> and <c>/v1/chat/completions</c>.</summary>
internal sealed class OpenAiEndpoints(OpenAiEngine engine, IHostApplicationLifetime lifetime, ILogger<OpenAiEndpoints> logger)
{
    // OpenAI's own default for text completions; a chat goes on until the context is full.
    private const int DefaultMaxTokens = 16;

    private static readonly long s_created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Maps the interface.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", http => AnswerAsync(http, ListModelsAsync));
        routes.MapGet("/v1/models/{**id}", http => AnswerAsync(http, GetModelAsync));
        routes.MapPost("/v1/completions", http => AnswerAsync(http, CompleteAsync));
        routes.MapPost("/v1/chat/completions", http => AnswerAsync(http, ChatAsync));
        routes.Map("/v1/{**rest}", http => AnswerAsync(http, _ => throw OpenAiException.Invalid(
            null,
            $"there is no {http.Request.Method} {http.Request.Path}: expected GET /v1/models, POST /v1/completions or POST /v1/chat/completions",
            "unknown_url",
            StatusCodes.Status404NotFound)));
    }

    private Task ListModelsAsync(HttpContext http)
    {
        var loaded = engine.Loaded;
        var list = new ModelList("list", [.. engine.Models(loaded).Select(model => Card(model.Name, model.Adapter, loaded))]);
        return http.Response.WriteAsJsonAsync(list, OpenAiJson.Default.ModelList, cancellationToken: http.RequestAborted);
    }

    private Task GetModelAsync(HttpContext http)
    {
        var loaded = engine.Loaded;
        var id = http.GetRouteValue("id") as string;
        engine.FindAdapter(id, loaded);
        var (name, adapter) = engine.Models(loaded).First(model => model.Name == id);
        return http.Response.WriteAsJsonAsync(
            Card(name, adapter, loaded), OpenAiJson.Default.ModelCard, cancellationToken: http.RequestAborted);
    }

    private async Task CompleteAsync(HttpContext http)
    {
        var request = await ReadAsync(http, OpenAiJson.Default.CompletionRequest);
        var loaded = engine.Loaded;
        var adapter = engine.FindAdapter(request.Model, loaded);
        var ticket = CallerReader.Read(request.User, http.Request.Headers.Authorization);
        var likeliest = TopLogProbabilities.ReadText(request.Logprobs, request.Echo == true);
        OpenAiException.ThrowUnless(request.BestOf is null || request.BestOf == (request.N ?? 1), "best_of", request.BestOf,
            "nothing, or the same as n: answers are not chosen among");
        OpenAiException.ThrowUnless(string.IsNullOrEmpty(request.Suffix), "suffix", request.Suffix, "nothing: a text is only continued");
        var scores = request.Echo == true;
        var maxTokens = request.MaxTokens ?? DefaultMaxTokens;
        OpenAiException.ThrowUnless(!scores || (maxTokens == 0 && request.Stream != true && (request.N ?? 1) == 1), "echo", true,
            "false, or true with max_tokens 0, n 1 and stream false, which has the prompt's tokens scored");
        OpenAiException.ThrowUnless(scores || maxTokens >= 1, "max_tokens", maxTokens, "1 or more");

        var context = loaded.Engine.Description.ContextLength;
        var prompt = OpenAiPrompt.Read(request.Prompt, loaded, scores ? context : context - 1);
        var format = new CompletionFormat(
            AnswerHeader.Now("cmpl", request.Model!, request.StreamOptions?.IncludeUsage == true),
            prompt,
            loaded.Model.Tokenizer,
            request.Logprobs is not null,
            request.ReturnSamplingLogprobs == true,
            request.ReturnTokenIds == true,
            request.ReturnTokensAsTokenIds == true);
        if (scores)
        {
            await engine.ScoreAsync(http, loaded, adapter, prompt, ticket, format);
            return;
        }

        var generation = new GenerationRequest
        {
            Prompt = prompt,
            Sequences = RequestReader.Sequences(request.N),
            Ticket = ticket,
            Sampling = RequestReader.Sampling(request, maxTokens, loaded.Model.Tokenizer.VocabularySize, likeliest) with
            {
                SamplingLogProbabilities = request is { Logprobs: not null, ReturnSamplingLogprobs: true },
            },
        };
        await engine.GenerateAsync(http, loaded, adapter, generation, request.Stream == true, chat: false, format);
    }

    private async Task ChatAsync(HttpContext http)
    {
        var request = await ReadAsync(http, OpenAiJson.Default.ChatCompletionRequest);
        var loaded = engine.Loaded;
        var adapter = engine.FindAdapter(request.Model, loaded);
        var ticket = CallerReader.Read(request.User, http.Request.Headers.Authorization);
        var likeliest = TopLogProbabilities.ReadChat(request.Logprobs, request.TopLogprobs);
        OpenAiException.ThrowUnless(RequestReader.IsEmpty(request.Tools), "tools", "a list", "nothing: tools are not called");
        OpenAiException.ThrowUnless(RequestReader.IsEmpty(request.Functions), "functions", "a list", "nothing: functions are not called");
        var prompt = OpenAiPrompt.Read(request.Messages, loaded, loaded.Engine.Description.ContextLength - 1);
        var limit = request.MaxCompletionTokens is null ? "max_tokens" : "max_completion_tokens";
        var maxTokens = request.MaxCompletionTokens ?? request.MaxTokens ?? loaded.Engine.Description.ContextLength - prompt.Length;
        OpenAiException.ThrowUnless(maxTokens >= 1, limit, maxTokens, "1 or more");

        var generation = new GenerationRequest
        {
            Prompt = prompt,
            Sequences = RequestReader.Sequences(request.N),
            Ticket = ticket,
            Sampling = RequestReader.Sampling(request, maxTokens, loaded.Model.Tokenizer.VocabularySize, likeliest),
        };
        var format = new ChatFormat(
            AnswerHeader.Now("chatcmpl", request.Model!, request.StreamOptions?.IncludeUsage == true),
            generation.Sequences,
            loaded.Model.Tokenizer,
            request.Logprobs == true);
        await engine.GenerateAsync(http, loaded, adapter, generation, request.Stream == true, chat: true, format);
    }

    private static ModelCard Card(string name, NamedAdapter? adapter, LoadedModel loaded) => new()
    {
        Id = name,
        Object = "model",
        Created = s_created,
        OwnedBy = "o1coder",
        MaxModelLen = loaded.Engine.Description.ContextLength,
        Parent = adapter is null ? null : loaded.Id,
        Root = adapter?.Folder,
        Version = adapter?.Version,
    };

    private static async Task<T> ReadAsync<T>(HttpContext http, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        // A page in a browser may send plain text to this address without asking, but not JSON.
        if (!http.Request.HasJsonContentType())
        {
            throw OpenAiException.Invalid(null, $"the content type is '{http.Request.ContentType}': expected application/json",
                status: StatusCodes.Status415UnsupportedMediaType);
        }

        return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted)
            ?? throw OpenAiException.Invalid(null, "the body is null: expected a JSON object");
    }

    /// <summary>Runs a handler; whatever it throws becomes an error in OpenAI's shape, before or in the stream.</summary>
    private async Task AnswerAsync(HttpContext http, Func<HttpContext, Task> handler)
    {
        try
        {
            RequireLocalHost(http.Request.Host.Host);
            await handler(http);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("The caller of {Path} went away: {Reason}", http.Request.Path, exception.Message);
        }
        catch (Exception exception)
        {
            await FailAsync(http, Translate(http, exception));
        }
    }

    private OpenAiException Translate(HttpContext http, Exception exception)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return OpenAiErrors.Stopping();
        }

        if (OpenAiErrors.Translate(exception) is { } error)
        {
            return error;
        }

        logger.LogError(exception, "{Path} failed", http.Request.Path);
        return OpenAiErrors.Internal(exception);
    }

    private static async Task FailAsync(HttpContext http, OpenAiException error)
    {
        if (!http.Response.HasStarted)
        {
            await OpenAiErrors.WriteAsync(http.Response, error, http.RequestAborted);
            return;
        }

        // The status is out: the error is the last event, and there is no [DONE].
        var data = JsonSerializer.SerializeToUtf8Bytes(new ErrorResponse(error.Body), OpenAiJson.Default.ErrorResponse);
        await EventStream.SendAsync(http.Response, data, http.RequestAborted);
    }

    // A page whose own name was made to lead here (DNS rebinding) sends that name.
    private static void RequireLocalHost(string host)
    {
        if (host is not "localhost" && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            throw OpenAiException.Invalid(null, $"the host is '{host}': expected localhost or a loopback address",
                status: StatusCodes.Status403Forbidden);
        }
    }
}
