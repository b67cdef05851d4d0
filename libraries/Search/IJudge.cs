namespace O1Coder.Search;

/// <summary>Says what a program is worth; in this system the Sandbox service with the visible tests.</summary>
public interface IJudge
{
    /// <summary>
    /// Judges one program. Asked once for each distinct program of a search. When the judge itself fails for good the
    /// answer has <see cref="Judgement.Excluded"/> set.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<Judgement> JudgeAsync(string program, CancellationToken cancellationToken);
}
