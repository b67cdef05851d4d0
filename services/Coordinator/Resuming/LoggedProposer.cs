using Google.Protobuf.Collections;
using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Gives the steps that a log holds and asks for the others.</summary>
/// <param name="answers">The log's answers.</param>
/// <param name="inner">Who is asked where the log lacks a part of an answer.</param>
/// <param name="plan">The search.</param>
internal sealed class LoggedProposer(LoggedAnswers answers, IProposer inner, SolvePlan plan) : IProposer
{
    private readonly ProblemView _problem = ProblemView.Of(plan);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Proposal>> ProposeAsync(ProposalRequest request, CancellationToken cancellationToken)
    {
        if (request.Revises is not null)
        {
            return answers.Revision(request.Seed) is { } revised
                ? Task.FromResult<IReadOnlyList<Proposal>>(
                    [Read(request, revised.Text, revised.Tail, revised.Tokens, false, null, revised.PromptTokens, revised.GeneratedTokens)])
                : inner.ProposeAsync(request, cancellationToken);
        }

        return answers.Steps(request.Seed, request.Count) is { } steps
            ? Task.FromResult<IReadOnlyList<Proposal>>([.. steps.Select(step => Read(
                request, step.Text, step.Tail, step.Tokens, step.Terminal, step.HasLogProbability ? step.LogProbability : null,
                step.PromptTokens, step.GeneratedTokens))])
            : inner.ProposeAsync(request, cancellationToken);
    }

    private Proposal Read(
        ProposalRequest request, string text, string tail, int tokens, bool terminal, double? logProbability,
        RepeatedField<int> read, RepeatedField<int> written)
    {
        var code = request.Action.WritesProgram();
        var inherited = (request.Node.Carry as StepCarry)?.Tokens ?? [];
        return new Proposal
        {
            Text = text,
            Tail = tail,
            Tokens = tokens,

            // A program that may be bettered does not end its path in the tree, but it ended the answer.
            Terminal = terminal || code,
            Program = code ? PolicyProposer.ProgramOf(_problem, text) : null,
            LogProbability = logProbability,
            Carry = code || written.Count == 0
                ? null
                : new StepCarry([.. inherited, .. read, .. written], PathText.EndedBy(tail), inherited.Count, written.Count),
        };
    }
}
