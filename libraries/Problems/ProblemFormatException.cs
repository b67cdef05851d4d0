namespace O1Coder.Problems;

/// <summary>A problem or test file breaks a rule of its format. The message is one line that a person can act on.</summary>
/// <param name="file">The file's path, or a name such as "&lt;stdin&gt;".</param>
/// <param name="line">The line, from 1; 0 when the fault has no line.</param>
/// <param name="field">The field or section at fault, for example "difficulty" or "visible tests"; empty for the file itself.</param>
/// <param name="detail">What was found and what was expected.</param>
/// <param name="inner">What the parser below reported, if anything.</param>
public sealed class ProblemFormatException(string file, int line, string field, string detail, Exception? inner = null)
    : FormatException(line > 0 ? $"{file}:{line}: {detail}" : $"{file}: {detail}", inner)
{
    /// <summary>The file's path, or a name such as "&lt;stdin&gt;".</summary>
    public string File { get; } = file;

    /// <summary>The line, from 1; 0 when the fault has no line.</summary>
    public int Line { get; } = line;

    /// <summary>The field or section at fault; empty for the file itself.</summary>
    public string Field { get; } = field;
}
