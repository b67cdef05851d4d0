using Grpc.Core;
using O1Coder.ServiceDefaults;

namespace O1Coder.Tcg;

/// <summary>Asks Policy for answers.</summary>
internal sealed class PolicyWriter(V1.PolicyService.PolicyServiceClient client)
{
    /// <summary>The adapter that is used where a request names none and Policy has it.</summary>
    public const string DefaultAdapter = "tcg";

    private const string Service = "policy";
    private const string Caller = "tcg";

    // A busy two-core machine needs about a third of a second for one step of a full batch.
    private static readonly TimeSpan s_callDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_tokenDeadline = TimeSpan.FromSeconds(0.5);

    /// <summary>The adapter that writes cases.</summary>
    /// <param name="asked">The one that was asked for; null leaves the choice.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RpcException">Policy cannot be reached.</exception>
    public Task<string> ChooseAdapterAsync(string? asked, CancellationToken cancellationToken) =>
        client.ChooseAdapterAsync(asked, DefaultAdapter, cancellationToken);

    /// <summary>Asks for answers; cancelling frees the model's slots within a token.</summary>
    /// <param name="ask">For what.</param>
    /// <param name="progress">Counts tokens as they come.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The answers in the order of their sequences, and the weights that answered.</returns>
    /// <exception cref="RpcException">Policy failed; see <see cref="DownstreamCall"/>.</exception>
    public Task<(IReadOnlyList<Answer> Answers, V1.ModelIdentity? Model)> WriteAsync(
        Ask ask, GenerationProgress progress, CancellationToken cancellationToken) =>
        DownstreamCall.RunAsync(Service, token => CallAsync(ask, progress, token), cancellationToken);

    private async Task<(IReadOnlyList<Answer> Answers, V1.ModelIdentity? Model)> CallAsync(
        Ask ask, GenerationProgress progress, CancellationToken cancellationToken)
    {
        var request = new V1.GenerateRequest
        {
            Prompt = new V1.Prompt
            {
                Parts = { new V1.PromptPart { Chat = ask.Chat }, new V1.PromptPart { Text = ask.Opening } },
            },
            Sequences = ask.Sequences,
            Sampling = ask.Sampling,
            Adapter = ask.Adapter,
            Ticket = new V1.QueueTicket { Priority = V1.Priority.Normal, Caller = Caller },
        };
        var deadline = DateTime.UtcNow + s_callDeadline + (s_tokenDeadline * ask.Sampling.MaxTokens);
        using var call = client.Generate(request, deadline: deadline, cancellationToken: cancellationToken);
        var answers = new Answer?[ask.Sequences];
        V1.ModelIdentity? model = null;
        await foreach (var one in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (one.Accepted is { } accepted)
            {
                model = accepted.Model;
            }
            else if (one.Chunk is { } chunk)
            {
                await progress.AddTokensAsync(chunk.TokenIds.Count, cancellationToken);
            }
            else if (one.Finished is { } finished && finished.Sequence >= 0 && finished.Sequence < answers.Length)
            {
                var isCutOff = finished.Reason is V1.FinishReason.MaxTokens or V1.FinishReason.ContextFull;
                answers[finished.Sequence] = new Answer(ask.Opening + finished.Text, isCutOff);
            }
        }

        return answers.Contains(null)
            ? throw new RpcException(new Status(StatusCode.Internal, $"the stream ended before it told all {ask.Sequences} sequences"))
            : ([.. answers.OfType<Answer>()], model);
    }
}
