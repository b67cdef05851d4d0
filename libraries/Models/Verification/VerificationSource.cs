namespace O1Coder.Models.Verification;

/// <summary>One file or folder of reference numbers.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Run">Runs it on a number of threads; cancellable.</param>
public sealed record VerificationSource(string Path, Func<int, CancellationToken, IReadOnlyList<CaseResult>> Run);
