using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.SelfPlay.Tests;

/// <summary>
/// A Policy whose tokens are characters. Programs say how many tests they pass; outlines end in each of the ways that a
/// step can end. It forgets its adapters when it is told to, as a service that was started again does.
/// </summary>
public sealed class LoopPolicy : V1.PolicyService.PolicyServiceBase
{
    public static V1.ModelIdentity Model { get; } = new() { ModelId = "scripted", ModelHash = new string('a', 64) };

    public ConcurrentDictionary<string, V1.Adapter> Adapters { get; } = new();

    /// <summary>Prompt and generated text of each sequence, as one string.</summary>
    public ConcurrentQueue<string> PathsWritten { get; } = new();

    /// <summary>Runs before a call answers.</summary>
    public Action Before { get; set; } = () => { };

    /// <summary>Seconds that a call takes to answer, so that it can be interrupted.</summary>
    public TimeSpan Delay { get; set; }

    public override Task<V1.GetModelResponse> GetModel(V1.GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.GetModelResponse { Model = Model, ContextLength = 16384 });

    public override Task<V1.LoadAdapterResponse> LoadAdapter(V1.LoadAdapterRequest request, ServerCallContext context)
    {
        var version = Fakes.VersionOf(request.Folder);
        var name = request.Name.Length > 0 ? request.Name : $"a-{version}";
        var adapter = new V1.Adapter { Name = name, Version = version, Folder = request.Folder };
        Adapters[name] = adapter;
        return Task.FromResult(new V1.LoadAdapterResponse { Adapter = adapter });
    }

    public override Task<V1.UnloadAdapterResponse> UnloadAdapter(V1.UnloadAdapterRequest request, ServerCallContext context) =>
        Adapters.TryRemove(request.Name, out _)
            ? Task.FromResult(new V1.UnloadAdapterResponse())
            : throw new RpcException(new Status(StatusCode.NotFound, $"no adapter {request.Name}"));

    public override Task<V1.ListAdaptersResponse> ListAdapters(V1.ListAdaptersRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListAdaptersResponse { Adapters = { Adapters.Values } });

    public override async Task Generate(
        V1.GenerateRequest request, IServerStreamWriter<V1.GenerateResponse> responseStream, ServerCallContext context)
    {
        Before();
        await Task.Delay(Delay, context.CancellationToken);
        var model = Model.Clone();
        if (request.Adapter.Length > 0)
        {
            var adapter = Adapters.GetValueOrDefault(request.Adapter)
                ?? throw new RpcException(new Status(StatusCode.NotFound, $"no adapter {request.Adapter}"));
            (model.Adapter, model.AdapterVersion) = (adapter.Name, adapter.Version);
        }

        var prompt = string.Concat(request.Prompt.Parts.Select(Render));
        await responseStream.WriteAsync(
            new V1.GenerateResponse { Accepted = new V1.PromptAccepted { Prompt = Tokens(prompt), Model = model } });
        var generated = 0;
        for (var i = 0; i < request.Sequences; i++)
        {
            var answer = prompt.EndsWith("\n1.", StringComparison.Ordinal)
                ? Outline(request.Sampling.Seed + (ulong)i)
                : Program(request.Sampling.Seed == 0 ? 0 : request.Sampling.Seed + (ulong)prompt.Sum(c => c), i);
            var stop = request.Sampling.Stop
                .Select(one => (Stop: one, At: answer.IndexOf(one, StringComparison.Ordinal)))
                .Where(one => one.At >= 0).OrderBy(one => one.At).FirstOrDefault((Stop: "", At: answer.Length));
            var text = answer[..stop.At];
            PathsWritten.Enqueue(prompt + text + stop.Stop);
            generated += text.Length;
            await responseStream.WriteAsync(new V1.GenerateResponse
            {
                Chunk = new V1.SequenceChunk { Sequence = i, TokenIds = { Tokens(text + stop.Stop).Ids }, Text = text },
            });
            await responseStream.WriteAsync(new V1.GenerateResponse
            {
                Finished = new V1.SequenceFinished
                {
                    Sequence = i,
                    Text = text,
                    Stop = stop.Stop,
                    Tokens = Tokens(text + stop.Stop),
                    Reason = stop.Stop.Length > 0 ? V1.FinishReason.StopString : V1.FinishReason.EndOfTurn,
                },
            });
        }

        await responseStream.WriteAsync(new V1.GenerateResponse
        {
            Usage = new V1.GenerateUsage { PromptTokens = prompt.Length, GeneratedTokens = generated },
        });
    }

    // Passes none, one, all visible or all tests; the greedy one passes one.
    private static string Program(ulong seed, int sequence) =>
        $"# passes {(seed == 0 ? 1 : new[] { 0, 1, 4, 9 }[(int)((seed + (ulong)sequence) % 4)])}\ndef add(a, b):\n    return '{seed % 7}.{sequence}'\n```\nThat is it.";

    private static string Outline(ulong seed) => (seed % 3) switch
    {
        0 => $" Take {seed % 5}.\n2. Add. \n\nAnd so on",
        1 => $" Take {seed % 5}.\n2. Add.\n```python\nx",
        _ => $" Take {seed % 5}. ",
    };

    public static string Render(V1.PromptPart part) => part.KindCase switch
    {
        V1.PromptPart.KindOneofCase.Chat =>
            string.Concat(part.Chat.Messages.Select(one => $"<|{one.Role}|>{one.Content}")) + "<|Assistant|>",
        V1.PromptPart.KindOneofCase.Tokens => string.Concat(part.Tokens.Ids.Select(id => (char)id)),
        _ => part.Text,
    };

    private static V1.TokenSequence Tokens(string text) => new() { Ids = { text.Select(c => (int)c) } };
}
