using O1Coder.V1;

namespace O1Coder.Cli.Evaluation;

/// <summary>One of the things that are compared.</summary>
/// <param name="Name">For people: "base", or the adapter as the user named it.</param>
/// <param name="Request">The request.</param>
internal sealed record EvaluatedArm(string Name, EvaluateRequest Request);
