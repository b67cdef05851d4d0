namespace O1Coder.Problems;

/// <summary>A program or a condition holds something that formal checks do not cover.</summary>
/// <param name="reason">What, and where.</param>
internal sealed class NotCheckableException(string reason) : Exception(reason);
