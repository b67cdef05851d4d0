using O1Coder.V1;

namespace O1Coder.Cli.SelfPlay;

/// <summary>A run that has been asked for and can be sent as it is.</summary>
/// <param name="Request">The request.</param>
/// <param name="Json">Whether standard output holds one JSON object and nothing else.</param>
/// <param name="Plain">Whether a line-based log is wanted on a terminal too.</param>
internal sealed record PlayJob(PlayRequest Request, bool Json, bool Plain);
