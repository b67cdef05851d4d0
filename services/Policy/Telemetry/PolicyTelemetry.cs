using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using O1Coder.Inference;

namespace O1Coder.Policy;

/// <summary>
/// Traces and metrics, both of source <c>O1Coder.Policy</c>. Spans follow OpenTelemetry's conventions for generative AI.
/// </summary>
internal sealed class PolicyTelemetry : IDisposable
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string SourceName = "O1Coder.Policy";

    private readonly ModelHost _host;
    private readonly bool _capturesMessages;
    private readonly ActivitySource _source = new(SourceName);
    private readonly Counter<long> _promptTokens;
    private readonly Counter<long> _cachedTokens;
    private readonly Counter<long> _generatedTokens;
    private readonly Histogram<double> _queueTime;
    private readonly UpDownCounter<long> _active;
    private readonly UpDownCounter<long> _adapters;
    private readonly Counter<long> _swaps;
    private long _allPrompt;
    private long _allCached;

    public PolicyTelemetry(IMeterFactory meters, ModelHost host, IOptions<PolicyOptions> options)
    {
        (_host, _capturesMessages) = (host, options.Value.MessageCapture.ToUpperInvariant() is "TRUE" or "SPAN_ONLY" or "SPAN_AND_EVENT");
        var meter = meters.Create(SourceName);
        _promptTokens = meter.CreateCounter<long>("o1coder.policy.prompt_tokens", "{token}", "Prompt tokens asked for.");
        _cachedTokens = meter.CreateCounter<long>("o1coder.policy.cached_tokens", "{token}", "Prompt tokens found in the prefix cache.");
        _generatedTokens = meter.CreateCounter<long>("o1coder.policy.generated_tokens", "{token}", "Tokens generated.");
        _queueTime = meter.CreateHistogram<double>("o1coder.policy.queue_time", "s", "Time that requests waited.");
        _active = meter.CreateUpDownCounter<long>("o1coder.policy.active_requests", "{request}", "Requests under way.");
        _adapters = meter.CreateUpDownCounter<long>("o1coder.policy.adapters", "{adapter}", "Adapters loaded.");
        _swaps = meter.CreateCounter<long>("o1coder.policy.adapter_swaps", "{swap}", "Adapters replaced by another version.");
        meter.CreateObservableCounter("o1coder.policy.busy_time", () => LoadOf(host).Busy.TotalSeconds, "s", "Time in the engine's steps.");
        meter.CreateObservableCounter("o1coder.policy.steps", () => LoadOf(host).Steps, "{step}", "Steps of the engine.");
        meter.CreateObservableCounter(
            "o1coder.policy.sequence_steps", () => LoadOf(host).SequenceSteps, "{sequence}", "Running sequences, summed over the steps.");
        meter.CreateObservableGauge("o1coder.policy.running_sequences", () => LoadOf(host).Running, "{sequence}", "Sequences that run now.");
        meter.CreateObservableGauge("o1coder.policy.waiting_requests", () => LoadOf(host).Waiting, "{request}", "Requests that wait in the queue now.");
        var batch = new RecentRatio();
        meter.CreateObservableGauge("o1coder.policy.batch_size",
            () => batch.Next(LoadOf(host).SequenceSteps, LoadOf(host).Steps), "{sequence}", "Sequences in a step, the mean since the last reading.");
        var hits = new RecentRatio();
        meter.CreateObservableGauge("o1coder.policy.cache_hit_rate",
            () => hits.Next(Interlocked.Read(ref _allCached), Interlocked.Read(ref _allPrompt)), "1",
            "Share of the prompt tokens that the prefix cache had, since the last reading.");
    }

    /// <summary>Begins to measure a generation.</summary>
    public MeasuredRequest BeginGenerate(string model, GenerationRequest request, bool chat)
    {
        var measured = Begin(chat ? "chat" : "text_completion", model);
        measured.Activity?
            .SetTag("gen_ai.request.choice.count", request.Sequences)
            .SetTag("gen_ai.request.max_tokens", request.Sampling.MaxTokens)
            .SetTag("gen_ai.request.temperature", request.Sampling.Temperature)
            .SetTag("gen_ai.request.top_k", request.Sampling.TopK)
            .SetTag("gen_ai.request.top_p", request.Sampling.TopP)
            .SetTag("gen_ai.request.stop_sequences", request.Sampling.Stop.ToArray())
            .SetTag("gen_ai.request.seed", unchecked((long)request.Sampling.Seed))
            .SetTag("gen_ai.usage.input_tokens", request.Prompt.Length);
        if (_capturesMessages && measured.Activity?.IsAllDataRequested == true && _host.Loaded is { } loaded)
        {
            measured.CaptureMessages(loaded.Model.Tokenizer.Decode(request.Prompt.Span));
        }

        return measured;
    }

    /// <summary>Begins to measure a scoring of so many tokens.</summary>
    public MeasuredRequest BeginScore(string operation, string model, int tokens)
    {
        var measured = Begin(operation, model);
        measured.Activity?.SetTag("gen_ai.usage.input_tokens", tokens);
        _promptTokens.Add(tokens, measured.Tags);
        return measured;
    }

    /// <summary>Counts a change of the loaded adapters.</summary>
    /// <param name="added">How many more there are.</param>
    /// <param name="replaced">Whether one took another version's place.</param>
    public void CountAdapter(int added, bool replaced)
    {
        _adapters.Add(added);
        if (replaced)
        {
            _swaps.Add(1);
        }
    }

    /// <summary>Counts what a generation cost.</summary>
    internal void Count(GenerationUsage usage, in TagList tags)
    {
        _promptTokens.Add(usage.PromptTokens, tags);
        _cachedTokens.Add(usage.CachedTokens, tags);
        Interlocked.Add(ref _allPrompt, usage.PromptTokens);
        Interlocked.Add(ref _allCached, usage.CachedTokens);
        _generatedTokens.Add(usage.GeneratedTokens, tags);
        _queueTime.Record(usage.QueueTime.TotalSeconds, tags);
    }

    /// <summary>Counts a request as over.</summary>
    internal void End(in TagList tags) => _active.Add(-1, tags);

    /// <inheritdoc />
    public void Dispose() => _source.Dispose();

    // Before the model is loaded, and where it runs on another server, there is nothing to tell.
    private static EngineLoad LoadOf(ModelHost host) => host.Loaded?.Engine.Load ?? default;

    private MeasuredRequest Begin(string operation, string model)
    {
        var tags = new TagList { { "gen_ai.operation.name", operation }, { "gen_ai.request.model", model } };
        _active.Add(1, tags);
        var activity = _source.StartActivity($"{operation} {model}", ActivityKind.Internal);
        activity?.SetTag("gen_ai.provider.name", "o1coder")
            .SetTag("gen_ai.operation.name", operation)
            .SetTag("gen_ai.request.model", model)
            .SetTag("gen_ai.response.model", model);
        return new MeasuredRequest(this, activity, tags);
    }
}
