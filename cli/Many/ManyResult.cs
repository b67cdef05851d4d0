using O1Coder.Cli.Display;
using O1Coder.V1;

namespace O1Coder.Cli.Many;

/// <summary>What a run came to, for other programs.</summary>
/// <param name="Run">Its name; null before it began.</param>
/// <param name="Folder">Its folder on the coordinator's machine.</param>
/// <param name="Outcome">done, cancelled or error.</param>
/// <param name="Error">What failed, in one line.</param>
/// <param name="Problems">Problems in all.</param>
/// <param name="Solved">Problems that were solved.</param>
/// <param name="Rollouts">Rollouts in all.</param>
/// <param name="Tokens">Tokens in all.</param>
/// <param name="Seconds">Seconds in all.</param>
/// <param name="TokensASolved">Tokens a solved problem; null when none was.</param>
/// <param name="Steps">How many were solved when so much was spent.</param>
/// <param name="Answers">One a problem that is done with.</param>
internal sealed record ManyResult(
    string? Run, string? Folder, string Outcome, string? Error, int Problems, int Solved, long Rollouts, long Tokens, double Seconds,
    double? TokensASolved, IReadOnlyList<ManyResultStep> Steps, IReadOnlyList<ManyResultAnswer> Answers)
{
    /// <summary>The result of a run.</summary>
    public static ManyResult Of(ManyStarted? started, IReadOnlyList<ProblemAnswered> answers, ManyProgress? standing, ManyFinished? finished, Ending ending) => new(
        started?.RunId, started?.Folder, ending.Outcome, ending.Error, started?.Problems ?? 0,
        answers.Count(one => one.Outcome == V1.Outcome.Solved), standing?.Rollouts ?? 0, standing?.Tokens ?? 0, Math.Round(standing?.Seconds ?? 0, 3),
        finished is { TokensASolved: > 0 } ? Math.Round(finished.TokensASolved, 1) : null,
        [.. (finished?.Steps ?? []).Select(step => new ManyResultStep(step.Solved, step.Tokens, Math.Round(step.Seconds, 3)))],
        [
            .. answers.Select(one => new ManyResultAnswer(
                one.ProblemId, Ending.Of(one.Outcome).Outcome, one.Judgement is null ? null : Words.Name(one.Judgement.Verdict), one.Rollouts, one.Tokens,
                one.Program.Length > 0 ? one.Program : null, one.Error.Length > 0 ? one.Error : null)),
        ]);

    /// <summary>The result of a command line that could not be used.</summary>
    public static ManyResult Refused(string error) => new(null, null, "error", error, 0, 0, 0, 0, 0, null, [], []);
}
