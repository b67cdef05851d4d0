namespace O1Coder.Sandbox.Languages;

/// <summary>A text that is put into the folder of a compiler.</summary>
/// <param name="Name">Its file name, without a folder.</param>
/// <param name="Text">Its content, written as UTF-8.</param>
internal sealed record SourceFile(string Name, string Text);
