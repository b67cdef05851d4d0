using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using O1Coder.Policy.Remote;

namespace O1Coder.Policy.Tests;

/// <summary>An OpenAI-compatible server on a free loopback port that does what a test says and remembers what it was asked.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<IAsyncDisposable> _owned = [];

    private ScriptedServer(WebApplication app) => _app = app;

    public string Address => $"{_app.Urls.Single()}/v1";

    /// <summary>What kind of server it says that it is.</summary>
    public string OwnedBy { get; init; } = "vllm";

    /// <summary>Names of what it serves; the first is the model, the others are its adapters.</summary>
    public List<string> Models { get; init; } = ["served"];

    public bool TakesTokens { get; init; } = true;

    public bool TellsTokens { get; init; } = true;

    public bool TellsLogProbabilities { get; init; } = true;

    public bool Scores { get; init; } = true;

    /// <summary>How many tokens more than the embedded model's tokenizer it counts.</summary>
    public int MoreTokens { get; init; }

    /// <summary>Bodies and authorisation of the completions that were asked for since the last connection, in order.</summary>
    public ConcurrentQueue<(JsonElement Body, string? Authorization)> Asked { get; } = [];

    /// <summary>Paths and bodies of other posts.</summary>
    public ConcurrentQueue<(string Path, JsonElement Body)> Posted { get; } = [];

    /// <summary>Answers completions; until it is set, questions about abilities are answered.</summary>
    public Func<HttpContext, JsonElement, Task>? Answer { get; set; }

    /// <summary>The status and text for other posts, by path.</summary>
    public Dictionary<string, (int Status, string Text)> Posts { get; } = [];

    public static async Task<ScriptedServer> StartAsync(Func<WebApplication, ScriptedServer>? make = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var server = make?.Invoke(app) ?? new ScriptedServer(app);
        app.MapGet("/v1/models", server.ListAsync);
        app.MapPost("/v1/completions", server.CompleteAsync);
        app.MapPost("/{**path}", server.PostAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Starts a server with other abilities.</summary>
    public static Task<ScriptedServer> StartAsync(
        string ownedBy, bool tellsTokens = true, bool scores = true, bool takesTokens = true, bool logProbabilities = true,
        int moreTokens = 0, params string[] models) => StartAsync(app => new ScriptedServer(app)
        {
            OwnedBy = ownedBy,
            TellsTokens = tellsTokens,
            Scores = scores,
            TakesTokens = takesTokens,
            TellsLogProbabilities = logProbabilities,
            MoreTokens = moreTokens,
            Models = models.Length > 0 ? [.. models] : ["served"],
        });

    /// <summary>Has the service's own loader make an engine for this server.</summary>
    public async Task<LoadedModel> ConnectAsync(string key = "", string model = "")
    {
        var loaded = await ConnectAsync(Address, key, model);
        _owned.Add(loaded);
        Asked.Clear();
        return loaded;
    }

    /// <summary>Has the service's own loader make an engine for a server.</summary>
    public static async Task<LoadedModel> ConnectAsync(string address, string key, string model)
    {
        var services = new ServiceCollection();
        services.Configure<PolicyOptions>(options =>
        {
            (options.Remote, options.RemoteKey, options.RemoteModel) = (address, key, model);
            (options.Model, options.ContextLength) = (EmbeddedModel.Folder, 256);
        });
        services.AddRemoteServer().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        var provider = services.BuildServiceProvider();
        var loader = ActivatorUtilities.CreateInstance<RemoteModelLoader>(provider);
        return await Task.Run(() => loader.Load(TestContext.Current.CancellationToken));
    }

    /// <summary>Answers with JSON.</summary>
    public static Task JsonAsync(HttpContext http, string json, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json, http.RequestAborted);
    }

    /// <summary>Answers with events.</summary>
    public static async Task EventsAsync(HttpContext http, params string[] events)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = "text/event-stream";
        }

        foreach (var data in events)
        {
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {data}\n\n"), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }

        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private Task ListAsync(HttpContext http) => JsonAsync(http, $$"""
        {"object": "list", "data": [{{string.Join(", ", Models.Select((model, i) =>
            $$"""{"id": "{{model}}", "object": "model", "created": 1, "owned_by": "{{OwnedBy}}", "max_model_len": 200, "parent": {{(i == 0 ? "null" : "\"base\"")}}}"""))}}]}
        """);

    private async Task CompleteAsync(HttpContext http)
    {
        var body = (await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted)).RootElement;
        Asked.Enqueue((body, http.Request.Headers.Authorization));
        await (Answer ?? AnswerProbeAsync)(http, body);
    }

    private async Task PostAsync(HttpContext http)
    {
        var body = (await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted)).RootElement;
        Posted.Enqueue((http.Request.Path, body));
        var (status, text) = Posts.GetValueOrDefault(http.Request.Path, (404, "Not Found"));
        await JsonAsync(http, text, status);
    }

    private Task AnswerProbeAsync(HttpContext http, JsonElement body)
    {
        var prompt = body.GetProperty("prompt");
        var tokens = prompt.ValueKind == JsonValueKind.Array;
        var echo = body.TryGetProperty("echo", out var echoed) && echoed.GetBoolean();
        if ((tokens && !TakesTokens) || (echo && !Scores)
            || (body.TryGetProperty("logprobs", out _) && !TellsLogProbabilities && OwnedBy == "strict"))
        {
            return JsonAsync(http, """{"error": {"message": "not here", "type": "invalid_request_error"}}""", 400);
        }

        var count = tokens ? prompt.GetArrayLength() : EmbeddedModel.Shared.Tokenizer.Encode(prompt.GetString()!, parseSpecial: false).Length + MoreTokens;
        var values = echo ? $"[null{string.Concat(Enumerable.Repeat(", -1", count))}]" : "[-1]";
        var told = TellsLogProbabilities && body.TryGetProperty("logprobs", out _) ? $$"""{"tokens": ["x"], "token_logprobs": {{values}}}""" : "null";
        var ids = TellsTokens ? "\"token_ids\": [87], " : "";
        return JsonAsync(http, $$"""
            {"choices": [{"index": 0, "text": "x", {{ids}}"logprobs": {{told}}, "finish_reason": "length"}],
             "usage": {"prompt_tokens": {{count}}, "completion_tokens": 1, "total_tokens": {{count + 1}} } }
            """);
    }
}
