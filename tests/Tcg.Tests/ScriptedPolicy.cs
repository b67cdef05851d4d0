using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.Tcg.Tests;

/// <summary>
/// A Policy whose answers are a function of the request. Public because the gRPC server makes its methods' delegates
/// from outside.
/// </summary>
public sealed class ScriptedPolicy : V1.PolicyService.PolicyServiceBase
{
    /// <summary>Text of sequence i: (request, i) → answer without the opening.</summary>
    public Func<V1.GenerateRequest, int, string> Answer { get; set; } = (_, _) => "";

    /// <summary>Why sequences end.</summary>
    public V1.FinishReason Reason { get; set; } = V1.FinishReason.EndOfTurn;

    /// <summary>Runs before an answer.</summary>
    public Func<ServerCallContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<string> Adapters { get; set; } = [];

    public ConcurrentQueue<V1.GenerateRequest> Requests { get; } = new();

    public static bool IsForProgram(V1.GenerateRequest request) => request.Prompt.Parts[1].Text == TcgPrompts.ProgramOpening;

    public static string UserText(V1.GenerateRequest request) => request.Prompt.Parts[0].Chat.Messages[^1].Content;

    public override Task<V1.ListAdaptersResponse> ListAdapters(V1.ListAdaptersRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListAdaptersResponse { Adapters = { Adapters.Select(name => new V1.Adapter { Name = name }) } });

    public override async Task Generate(
        V1.GenerateRequest request, IServerStreamWriter<V1.GenerateResponse> responseStream, ServerCallContext context)
    {
        Requests.Enqueue(request);
        await Before(context);
        var model = new V1.ModelIdentity { ModelId = "scripted", Adapter = request.Adapter };
        await responseStream.WriteAsync(new V1.GenerateResponse { Accepted = new V1.PromptAccepted { Model = model } });
        for (var i = 0; i < request.Sequences; i++)
        {
            var text = Answer(request, i);
            await responseStream.WriteAsync(new V1.GenerateResponse
            {
                Chunk = new V1.SequenceChunk { Sequence = i, Text = text, TokenIds = { text.Select(c => (int)c) } },
            });
            await responseStream.WriteAsync(new V1.GenerateResponse
            {
                Finished = new V1.SequenceFinished { Sequence = i, Text = text, Reason = Reason },
            });
        }
    }
}
