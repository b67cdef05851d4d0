using Spectre.Console.Rendering;

namespace O1Coder.Cli.Display;

/// <summary>Turns a picture into lines of text for a terminal.</summary>
internal static class Rendering
{
    /// <summary>The picture's lines, styled by escape sequences where the terminal takes them.</summary>
    public static IReadOnlyList<string> Lines(Terminal terminal, IRenderable picture, int width)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = terminal.CreateConsole(text, width);
        console.Write(picture);
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
