namespace O1Coder.Coordinator.Seeing;

/// <summary>What running a node's program came to.</summary>
/// <param name="Verdict">The sandbox's word.</param>
/// <param name="Passed">Visible tests passed.</param>
/// <param name="Total">Visible tests.</param>
/// <param name="Value">v = α·compile + (1−α)·pass; null where the sandbox itself failed.</param>
/// <param name="Message">One line on the first failing test.</param>
/// <param name="Failure">The first failing test in full, where the log has it.</param>
/// <param name="Cached">Whether the verdict came from a store or from an equal program.</param>
internal sealed record TreeVerdict(string Verdict, int Passed, int Total, double? Value, string Message, string Failure, bool Cached);
