namespace O1Coder.Search;

/// <summary>Says which of two programs is better; in this system a pair-wise reward model behind the Prm service.</summary>
public interface IComparer
{
    /// <summary>The probability, in [0, 1], that the first program is better. Depends on the programs alone.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<double> CompareAsync(string first, string second, CancellationToken cancellationToken);
}
