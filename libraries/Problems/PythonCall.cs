namespace O1Coder.Problems;

/// <summary>A call in Python source.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Positional">The arguments passed by position.</param>
/// <param name="HasKeywords">Whether an argument is passed by name.</param>
internal sealed record PythonCall(string Name, int Positional, bool HasKeywords);
