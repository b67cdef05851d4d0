using System.Globalization;
using Grpc.Core;
using O1Coder.Search;
using O1Coder.V1;

namespace O1Coder.Benchmarks;

/// <summary>A Policy that answers at once with a program of thirty lines; what it passes is in its first line. Keeps nothing.</summary>
/// <remarks>Public because the gRPC server makes its methods' delegates from outside.</remarks>
public sealed class ScriptedPolicy : PolicyService.PolicyServiceBase
{
    private const int PromptTokens = 300;
    private static readonly ModelIdentity s_model = new() { ModelId = "scripted", ModelHash = new string('a', 64) };
    private static readonly TokenSequence s_prompt = new() { Ids = { Enumerable.Range(1, PromptTokens) } };
    private static readonly TokenSequence s_tokens = new() { Ids = { Enumerable.Range(1, 90) } };
    private static readonly string s_body = string.Concat(Enumerable.Range(0, 28).Select(i => $"\n    value_{i} = a + b + {i}"));
    private long _programs;

    /// <inheritdoc/>
    public override Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(new GetModelResponse { Model = s_model, ContextLength = 16384 });

    /// <inheritdoc/>
    public override Task<ListAdaptersResponse> ListAdapters(ListAdaptersRequest request, ServerCallContext context) => Task.FromResult(new ListAdaptersResponse());

    /// <inheritdoc/>
    public override async Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new GenerateResponse { Accepted = new PromptAccepted { Prompt = s_prompt, Model = s_model } });
        for (var i = 0; i < request.Sequences; i++)
        {
            // One program in sixty passes all; the others pass one test or none.
            var number = Interlocked.Increment(ref _programs);
            var draw = SplitMix64.Mix(request.Sampling.Seed ^ (ulong)number) % 60;
            var text = string.Create(CultureInfo.InvariantCulture, $"# passes {(draw == 0 ? 99 : draw % 2)}\ndef add(a, b):{s_body}\n    return {number}\n");
            await responseStream.WriteAsync(new GenerateResponse { Chunk = new SequenceChunk { Sequence = i, Text = text, TokenIds = { s_tokens.Ids } } });
            await responseStream.WriteAsync(new GenerateResponse
            {
                Finished = new SequenceFinished { Sequence = i, Text = text, Stop = "```", Tokens = s_tokens, Reason = FinishReason.StopString },
            });
        }

        await responseStream.WriteAsync(new GenerateResponse
        {
            Usage = new GenerateUsage { PromptTokens = PromptTokens, GeneratedTokens = s_tokens.Ids.Count * request.Sequences },
        });
    }
}
