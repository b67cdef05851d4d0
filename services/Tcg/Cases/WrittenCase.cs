namespace O1Coder.Tcg;

/// <summary>A case as the model wrote it, or as it is to be written.</summary>
/// <param name="Input">What stands under "# input:".</param>
/// <param name="Output">What stands under "# output:"; null where that line is missing.</param>
internal sealed record WrittenCase(string Input, string? Output);
