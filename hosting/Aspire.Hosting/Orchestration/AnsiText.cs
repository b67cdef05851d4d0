using System.Text.RegularExpressions;

namespace Aspire.Hosting.Orchestration;

/// <summary>Text with colours for a terminal.</summary>
internal static partial class AnsiText
{
    /// <summary>The text without its colours.</summary>
    public static string Plain(string text) => EscapeSequence().Replace(text, "");

    // ESC [ parameters letter, for example "\e[31m".
    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex EscapeSequence();
}
