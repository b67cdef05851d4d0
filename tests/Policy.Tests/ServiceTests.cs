using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using O1Coder.Inference;

namespace O1Coder.Policy.Tests;

public sealed class ServiceTests
{
    [Fact]
    public async Task Score_gives_one_value_a_token()
    {
        var engine = new ScriptedEngine();
        await using var host = await PolicyHost.StartAsync(engine);

        var response = await host.Client.ScoreAsync(Requests.Score(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], response.Continuation.Ids);
        Assert.Equal([-0.5f, -1f, -1.5f], response.LogProbabilities);
        Assert.Equal(EmbeddedModel.Shared.Hash, response.Model.ModelHash);
        Assert.Equal(EmbeddedModel.Shared.Tokenizer.Encode("def", parseSpecial: false), engine.AskedToScore!.Value.Prompt);
    }

    [Fact]
    public async Task GetModel_tells_the_model_and_how_it_is_run()
    {
        await using var host = await PolicyHost.StartAsync(new ScriptedEngine());

        var model = await host.Client.GetModelAsync(new(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("qwen2", 24, 896, 151_936), (model.Architecture, model.Layers, model.HiddenSize, model.VocabularySize));
        Assert.Equal(("scripted", "none", 3, 256, 8, 1.5),
            (model.Backend, model.Precision, model.Threads, model.ContextLength, model.MaxSequences, model.LoadSeconds));
        Assert.Equal([151_643, 151_645], model.EndOfTurnTokens);
    }

    [Fact]
    public async Task Is_not_healthy_until_the_model_is_loaded()
    {
        using var loaded = new ManualResetEventSlim();
        await using var host = await PolicyHost.StartAsync(stop =>
        {
            loaded.Wait(stop);
            return new LoadedModel(EmbeddedModel.Shared, new ScriptedEngine(), TimeSpan.Zero);
        });
        var health = new Health.HealthClient(host.Channel);

        var before = await health.CheckAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.GetModelAsync(
            new(), cancellationToken: TestContext.Current.CancellationToken));
        loaded.Set();
        var after = before;
        for (var waited = Stopwatch.StartNew(); after.Status != HealthCheckResponse.Types.ServingStatus.Serving && waited.Elapsed.TotalSeconds < 10;)
        {
            after = await health.CheckAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, before.Status);
        Assert.Equal((StatusCode.Unavailable, "the model is loading; try again"), (error.StatusCode, error.Status.Detail));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, after.Status);
    }

    [Fact]
    public async Task Stopping_while_the_model_loads_is_quick_and_frees_what_is_loaded_late()
    {
        using var stopped = new ManualResetEventSlim();
        var engine = new ScriptedEngine();
        var loading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = await PolicyHost.StartAsync(_ =>
        {
            loading.SetResult();

            // A load that does not look at its token, as one inside a native library.
            stopped.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            return new LoadedModel(EmbeddedModel.Shared, engine, TimeSpan.Zero);
        });
        await loading.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        var watch = Stopwatch.StartNew();
        await host.StopAsync();
        await host.DisposeAsync();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);

        stopped.Set();
        Assert.True(SpinWait.SpinUntil(() => engine.Disposed, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_load_that_fails_for_whatever_reason_ends_the_service()
    {
        await using var host = await PolicyHost.StartAsync(_ => throw new InvalidOperationException("no such device"));

        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal("no such device", host.Services.GetRequiredService<ModelHost>().Failure);
    }

    [Fact]
    public async Task A_generation_is_traced_as_the_conventions_say()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PolicyTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var engine = new ScriptedEngine
        {
            Script = stop => ScriptedEngine.Of(
            [
                new PromptAccepted(1),
                new SequenceFinished(0, Inference.FinishReason.MaxTokens, null, "x < \"1\"", []),
                new GenerationUsage(3, 1, 8, default, default, default),
            ], stop),
        };
        await using var host = await PolicyHost.StartAsync(engine, "--OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true");
        var request = Requests.Generate(Requests.Tokens(1, 2, 3));
        request.Sampling.Seed = 987_654;

        using (var call = host.Client.Generate(request, cancellationToken: TestContext.Current.CancellationToken))
        {
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
            }
        }

        // The span ends just after the answer does, and other tests' spans pass by.
        Activity? span = null;
        Assert.True(SpinWait.SpinUntil(() =>
        {
            lock (spans)
            {
                span = spans.Find(candidate => Equals(candidate.GetTagItem("gen_ai.request.seed"), 987_654L));
            }

            return span is not null;
        }, TimeSpan.FromSeconds(10)));
        Assert.Equal($"text_completion {EmbeddedModel.Shared.Id}", span!.DisplayName);
        Assert.Equal(3, span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(8, span.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal(1, span.GetTagItem("gen_ai.usage.cache_read.input_tokens"));
        Assert.Equal(["length"], (string[])span.GetTagItem("gen_ai.response.finish_reasons")!);
        var prompt = EmbeddedModel.Shared.Tokenizer.Decode([1, 2, 3]).Replace("\"", "\\\"", StringComparison.Ordinal);
        Assert.Equal($$"""[{"role":"user","parts":[{"type":"text","content":"{{prompt}}"}]}]""", span.GetTagItem("gen_ai.input.messages"));
        Assert.Equal(
            """[{"role":"assistant","parts":[{"type":"text","content":"x < \"1\""}],"finish_reason":"length"}]""", span.GetTagItem("gen_ai.output.messages"));
    }

    [Fact]
    public async Task A_generation_is_counted()
    {
        var engine = new ScriptedEngine
        {
            Script = stop => ScriptedEngine.Of([new GenerationUsage(3, 1, 8, TimeSpan.FromSeconds(2), default, default)], stop),
        };
        await using var host = await PolicyHost.StartAsync(engine);
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        var sums = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            // Other tests' services have meters of the same name, from factories of their own.
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == PolicyTelemetry.SourceName && instrument.Meter.Scope == meters)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
        listener.Start();

        using (var call = host.Client.Generate(Requests.Generate(), cancellationToken: TestContext.Current.CancellationToken))
        {
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
            }
        }

        // The request counts as over just after its answer is.
        Assert.True(SpinWait.SpinUntil(() => sums.GetValueOrDefault("o1coder.policy.active_requests", 1) == 0, TimeSpan.FromSeconds(10)));
        Assert.Equal(3, sums["o1coder.policy.prompt_tokens"]);
        Assert.Equal(1, sums["o1coder.policy.cached_tokens"]);
        Assert.Equal(8, sums["o1coder.policy.generated_tokens"]);
        Assert.Equal(2, sums["o1coder.policy.queue_time"]);

        // Nothing was decoded before the first reading; twelve sequences in four steps before the second, none before the third.
        listener.RecordObservableInstruments();
        Assert.Equal(1d / 3, sums["o1coder.policy.cache_hit_rate"], 12);
        Assert.False(sums.ContainsKey("o1coder.policy.batch_size"));
        engine.Load = new EngineLoad(TimeSpan.FromSeconds(1), Steps: 4, SequenceSteps: 12, Running: 2, MostSequences: 16, Waiting: 5);
        listener.RecordObservableInstruments();
        listener.RecordObservableInstruments();
        Assert.Equal(3, sums["o1coder.policy.batch_size"]);
        Assert.Equal(1d / 3, sums["o1coder.policy.cache_hit_rate"], 12);
        Assert.Equal(10, sums["o1coder.policy.waiting_requests"]);

        void Add(Instrument instrument, double value) => sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
    }
}
