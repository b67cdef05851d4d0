using O1Coder.V1;

namespace O1Coder.Cli.Searching;

/// <summary>A program and what the sandbox said of it on the visible tests.</summary>
/// <param name="Node">The node that holds it.</param>
/// <param name="Program">The program.</param>
/// <param name="Verdict">Accepted, or the first failing test's verdict.</param>
/// <param name="Passed">Visible tests passed.</param>
/// <param name="Total">Visible tests in all.</param>
/// <param name="Value">v = α·compile + (1−α)·pass.</param>
/// <param name="Message">One line on the first failing test.</param>
/// <param name="Cached">Whether the verdict came from the cache.</param>
internal sealed record JudgedProgram(
    int Node, string Program, Verdict Verdict, int Passed, int Total, double Value, string Message, bool Cached);
