using O1Coder.Search;

namespace O1Coder.Coordinator;

/// <summary>Gives the verdicts that a log holds and asks for the others.</summary>
internal sealed class LoggedJudge(LoggedAnswers answers, IJudge inner) : IJudge
{
    /// <inheritdoc/>
    public Task<Judgement> JudgeAsync(string program, bool trace, CancellationToken cancellationToken) =>
        answers.Judgement(program) is { } judgement ? Task.FromResult(judgement) : inner.JudgeAsync(program, trace, cancellationToken);
}
