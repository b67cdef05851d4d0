namespace O1Coder.Problems;

/// <summary>A parameter of a function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its annotation; empty for none.</param>
internal sealed record FunctionParameter(string Name, string Type);
