using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.Coordinator.Tests;

/// <summary>
/// A Policy whose tokens are characters, so that a prompt can be read back, and whose answers are a function of the
/// request. Public because the gRPC server makes its methods' delegates from outside.
/// </summary>
public sealed class ScriptedPolicy : V1.PolicyService.PolicyServiceBase
{
    private int _calls;

    public static V1.ModelIdentity Model { get; } = new() { ModelId = "scripted", ModelHash = new string('a', 64) };

    /// <summary>Text of one sequence: (prompt, temperature, seed, sequence) → answer.</summary>
    public Func<string, float, ulong, int, string> Answer { get; set; } = (_, _, seed, i) => Programs.Failing(seed, i);

    /// <summary>What every sequence of an adapter says; null leaves it to <see cref="Answer"/>.</summary>
    public Func<V1.Adapter, string?> AnswerOf { get; set; } = _ => null;

    /// <summary>The loaded adapters; a service that starts again has none.</summary>
    public ConcurrentDictionary<string, V1.Adapter> Adapters { get; } = new();

    /// <summary>Folders that were loaded, in order.</summary>
    public ConcurrentQueue<string> Loads { get; } = new();

    /// <summary>Runs before the n-th call (from 1) answers.</summary>
    public Func<int, ServerCallContext, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Each call with its prompt's tokens as one string.</summary>
    public ConcurrentQueue<(V1.GenerateRequest Request, string Prompt)> Calls { get; } = new();

    /// <summary>The requests.</summary>
    public IReadOnlyList<V1.GenerateRequest> Requests => [.. Calls.Select(call => call.Request)];

    /// <summary>The prompts.</summary>
    public IReadOnlyList<string> PromptsSeen => [.. Calls.Select(call => call.Prompt)];

    /// <summary>Prompt and generated tokens of each sequence, as one string.</summary>
    public ConcurrentQueue<string> PathsWritten { get; } = new();

    public override Task<V1.GetModelResponse> GetModel(V1.GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.GetModelResponse { Model = Model, ContextLength = 16384 });

    /// <summary>An adapter's version is the text of its configuration.</summary>
    public override async Task<V1.LoadAdapterResponse> LoadAdapter(V1.LoadAdapterRequest request, ServerCallContext context)
    {
        Loads.Enqueue(request.Folder);
        var version = await File.ReadAllTextAsync(Path.Combine(request.Folder, "adapter_config.json"), context.CancellationToken);
        var adapter = new V1.Adapter { Name = request.Name.Length > 0 ? request.Name : "a-" + version, Version = version, Folder = request.Folder };
        Adapters[adapter.Name] = adapter;
        return new V1.LoadAdapterResponse { Adapter = adapter };
    }

    public override Task<V1.ListAdaptersResponse> ListAdapters(V1.ListAdaptersRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListAdaptersResponse { Adapters = { Adapters.Values } });

    public override async Task Generate(
        V1.GenerateRequest request, IServerStreamWriter<V1.GenerateResponse> responseStream, ServerCallContext context)
    {
        var prompt = string.Concat(request.Prompt.Parts.Select(Render));
        Calls.Enqueue((request, prompt));
        await Before(Interlocked.Increment(ref _calls), context);
        var adapter = request.Adapter.Length == 0 ? null : Adapters.GetValueOrDefault(request.Adapter)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"adapter is '{request.Adapter}': expected one that is loaded"));
        var model = Model.Clone();
        (model.Adapter, model.AdapterVersion) = (adapter?.Name ?? "", adapter?.Version ?? "");
        await responseStream.WriteAsync(
            new V1.GenerateResponse { Accepted = new V1.PromptAccepted { Prompt = Tokens(prompt), Model = model } });
        var generated = 0;
        for (var i = 0; i < request.Sequences; i++)
        {
            var answer = (adapter is null ? null : AnswerOf(adapter)) ?? Answer(prompt, request.Sampling.Temperature, request.Sampling.Seed, i);
            var stop = request.Sampling.Stop
                .Select(one => (Stop: one, At: answer.IndexOf(one, StringComparison.Ordinal)))
                .Where(one => one.At >= 0).OrderBy(one => one.At).FirstOrDefault((Stop: "", At: answer.Length));
            var text = answer[..stop.At];
            var written = text + stop.Stop;
            PathsWritten.Enqueue(prompt + written);
            generated += written.Length;
            await responseStream.WriteAsync(new V1.GenerateResponse
            {
                Chunk = new V1.SequenceChunk { Sequence = i, TokenIds = { Tokens(written).Ids }, Text = text },
            });
            await responseStream.WriteAsync(new V1.GenerateResponse
            {
                Finished = new V1.SequenceFinished
                {
                    Sequence = i,
                    Text = text,
                    Stop = stop.Stop,
                    Tokens = Tokens(written),
                    Reason = stop.Stop.Length > 0 ? V1.FinishReason.StopString : V1.FinishReason.EndOfTurn,
                },
            });
        }

        await responseStream.WriteAsync(new V1.GenerateResponse
        {
            Usage = new V1.GenerateUsage { PromptTokens = prompt.Length, GeneratedTokens = generated },
        });
    }

    private static string Render(V1.PromptPart part) => part.KindCase switch
    {
        V1.PromptPart.KindOneofCase.Chat =>
            string.Concat(part.Chat.Messages.Select(one => $"<|{one.Role}|>{one.Content}")) + "<|Assistant|>",
        V1.PromptPart.KindOneofCase.Tokens => string.Concat(part.Tokens.Ids.Select(id => (char)id)),
        _ => part.Text,
    };

    private static V1.TokenSequence Tokens(string text) => new() { Ids = { text.Select(c => (int)c) } };
}
