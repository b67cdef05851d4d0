using O1Coder.Inference;

namespace O1Coder.Policy.OpenAi;

/// <summary>Runs requests on the loaded model, with the adapter that each names, and writes their answers.</summary>
internal sealed class OpenAiEngine(
    ModelHost host, AdapterRegistry adapters, PolicyTelemetry telemetry, IHostApplicationLifetime lifetime, ILogger<OpenAiEngine> logger)
{
    private const int LongestShown = 80;

    /// <summary>The model.</summary>
    /// <exception cref="Grpc.Core.RpcException">Unavailable: it is still loading.</exception>
    public LoadedModel Loaded => host.Require();

    /// <summary>The names that requests may use, and what they stand for: null for the model itself, which comes first.</summary>
    public IEnumerable<(string Name, NamedAdapter? Adapter)> Models(LoadedModel loaded) =>
        [(loaded.Id, null), .. adapters.All.Where(adapter => adapter.Name != loaded.Id).Select(adapter => (adapter.Name, (NamedAdapter?)adapter))];

    /// <summary>The adapter's name for the model that a request names; empty for the model itself.</summary>
    /// <exception cref="OpenAiException">There is no such model; the message names those that are.</exception>
    public string FindAdapter(string? model, LoadedModel loaded)
    {
        var models = Models(loaded).ToArray();
        var names = string.Join(", ", models.Select(one => one.Name));
        OpenAiException.ThrowUnless(!string.IsNullOrEmpty(model), "model", model, names.Length > 0 ? $"one of {names}" : "a model");
        var found = models.FirstOrDefault(one => one.Name == model);
        return found.Name is null
            ? throw OpenAiException.NotFound($"model is '{model[..Math.Min(model.Length, LongestShown)]}': expected one of {names}")
            : found.Adapter?.Name ?? "";
    }

    /// <summary>Generates and writes the answer, whole or as a stream.</summary>
    public async Task GenerateAsync(
        HttpContext http, LoadedModel loaded, string adapter, GenerationRequest request, bool stream, bool chat, IAnswerFormat format)
    {
        using var measured = telemetry.BeginGenerate(loaded.Id, request, chat);
        var happened = new List<GenerationEvent>();
        await RunAsync(http, measured, adapter, async (named, cancellationToken) =>
        {
            await foreach (var one in loaded.Engine.GenerateAsync(request with { Adapter = named?.Version }, cancellationToken))
            {
                measured.Record(one);
                if (!stream)
                {
                    happened.Add(one);
                    continue;
                }

                foreach (var data in format.Stream(one))
                {
                    await EventStream.SendAsync(http.Response, data, cancellationToken);
                }
            }
        });
        if (stream)
        {
            await EventStream.SendAsync(http.Response, EventStream.Done, http.RequestAborted);
        }
        else
        {
            await WriteAsync(http, format.Whole(happened));
        }
    }

    /// <summary>Scores a prompt's tokens and writes the answer.</summary>
    public async Task ScoreAsync(HttpContext http, LoadedModel loaded, string adapter, ReadOnlyMemory<int> prompt, QueueTicket ticket, CompletionFormat format)
    {
        using var measured = telemetry.BeginScore("score", loaded.Id, prompt.Length);
        float[] scores = [];
        await RunAsync(http, measured, adapter, async (named, cancellationToken) =>
        {
            if (prompt.Length > 1)
            {
                scores = await loaded.Engine.ScoreAsync(prompt[..1], prompt[1..], named?.Version, ticket, cancellationToken);
            }
        });
        await WriteAsync(http, format.Echo(scores));
    }

    private static async Task WriteAsync(HttpContext http, byte[] answer)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(answer, http.RequestAborted);
    }

    /// <summary>
    /// Runs the engine's work until the caller goes away or the service ends. When the version that a name stands for was
    /// replaced or unloaded before the engine accepted the request, nothing has run yet, and the name is looked up again.
    /// </summary>
    private async Task RunAsync(
        HttpContext http, MeasuredRequest measured, string adapter, Func<NamedAdapter?, CancellationToken, Task> work)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        while (true)
        {
            var named = adapters.Find(adapter);
            measured.Use(named);
            try
            {
                await work(named, stop.Token);
                return;
            }
            catch (AdapterNotLoadedException exception) when (named is not null && !adapters.Holds(named))
            {
                logger.LogDebug("Adapter {Name} changed before a request began: {Reason}", adapter, exception.Message);
            }
            catch (Exception exception)
            {
                measured.Fail(exception.GetType().Name);
                throw;
            }
        }
    }
}
