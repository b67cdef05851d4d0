namespace O1Coder.Sandbox;

/// <summary>Why a program does not parse.</summary>
/// <param name="Line">The line, from 1; 0 where unknown.</param>
/// <param name="Error">The error's kind and message.</param>
/// <param name="Text">The line's text, if the parser showed it.</param>
internal sealed record CompileFailure(int Line, string Error, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => (Line > 0 ? $"line {Line}: {Error}" : Error) + (Text.Length > 0 ? $"\n    {Text}" : "");
}
