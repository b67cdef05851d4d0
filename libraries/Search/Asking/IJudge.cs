namespace O1Coder.Search;

/// <summary>Says what a program is worth; in this system the Sandbox service with the visible tests.</summary>
public interface IJudge
{
    /// <summary>
    /// Judges one program. Asked once for each distinct program of a search. When the judge itself fails for good the
    /// answer has <see cref="Judgement.Excluded"/> set. Several calls may be under way at once.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="trace">Whether <see cref="Judgement.Failure"/> is to tell what the program did line by line.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<Judgement> JudgeAsync(string program, bool trace, CancellationToken cancellationToken);
}
