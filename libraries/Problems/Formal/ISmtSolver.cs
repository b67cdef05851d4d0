namespace O1Coder.Problems;

/// <summary>Answers scripts of SMT-LIB 2.</summary>
public interface ISmtSolver
{
    /// <summary>Runs one script with one check-sat.</summary>
    /// <param name="script">The script; every word in it is this library's own.</param>
    /// <param name="cancellationToken">Ends the solver.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<SmtAnswer> SolveAsync(string script, CancellationToken cancellationToken);
}
