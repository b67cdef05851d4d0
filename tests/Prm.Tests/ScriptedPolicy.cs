using System.Collections.Concurrent;
using Grpc.Core;

namespace O1Coder.Prm.Tests;

/// <summary>
/// A Policy whose labels' log-probabilities are a function of all text before them. Public because the gRPC server makes
/// its methods' delegates from outside.
/// </summary>
public sealed class ScriptedPolicy : V1.PolicyService.PolicyServiceBase
{
    /// <summary>Log-probability of the first label after a text; the second's is always -1.</summary>
    public Func<string, float> First { get; set; } = _ => -1;

    public Func<ServerCallContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<string> Adapters { get; set; } = [];

    public ConcurrentQueue<V1.ScoreLabelsRequest> Requests { get; } = new();

    /// <summary>How many segments are answered less than asked for.</summary>
    public int Missing { get; set; }

    public static string TextOf(V1.Prompt? prompt) => string.Concat(prompt?.Parts.Select(
        part => part.Chat is { } chat ? string.Concat(chat.Messages.Select(one => one.Content)) : part.Text) ?? []);

    public override Task<V1.ListAdaptersResponse> ListAdapters(V1.ListAdaptersRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListAdaptersResponse { Adapters = { Adapters.Select(name => new V1.Adapter { Name = name }) } });

    public override async Task<V1.ScoreLabelsResponse> ScoreLabels(V1.ScoreLabelsRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        await Before(context);
        var before = TextOf(request.Prompt);
        var response = new V1.ScoreLabelsResponse { Model = new V1.ModelIdentity { ModelId = "scripted", Adapter = request.Adapter } };
        foreach (var segment in request.Segments.SkipLast(Missing))
        {
            before += TextOf(segment.Text);
            response.Segments.Add(new V1.LabelScores { LogProbabilities = { First(before), -1 } });
            before += TextOf(segment.Separator);
        }

        return response;
    }
}
