using System.Text;
using System.Text.RegularExpressions;

namespace O1Coder.Tcg;

/// <summary>Cases of a script: the input is what it reads, the output what it writes, as they are.</summary>
internal sealed partial class StdioCases : ICaseLanguage
{
    // The sandbox tells at most 2 KiB of an output, with a note where it cut.
    private const int MostBytes = 2048;

    /// <inheritdoc/>
    public CaseInput? ReadInput(string text)
    {
        var lines = Lines(text);
        return IsText(lines) ? new CaseInput(lines, lines) : null;
    }

    /// <inheritdoc/>
    public CaseOutput? ReadOutput(string text)
    {
        var lines = Lines(text);
        var key = string.Join(' ', lines.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        // A test that expects nothing says nothing.
        return IsText(lines) && key.Length > 0 ? new CaseOutput(lines, key) : null;
    }

    /// <inheritdoc/>
    public V1.TestCase ToTest(CaseInput input, CaseOutput output) => Test(input.Text, output.Text);

    /// <inheritdoc/>
    public V1.TestCase ToProbe(CaseInput input) => Test(input.Text, "");

    /// <inheritdoc/>
    public CaseOutput? ReadActual(V1.TestResult result) =>
        result.Verdict is V1.Verdict.Accepted or V1.Verdict.WrongAnswer && !CutNote().IsMatch(result.Actual)
            ? ReadOutput(result.Actual)
            : null;

    /// <inheritdoc/>
    public WrittenCase? FromTest(V1.TestCase test) => test.Stdio is { } stdio ? new WrittenCase(stdio.Stdin, stdio.Stdout) : null;

    private static string Lines(string text)
    {
        var trimmed = text.ReplaceLineEndings("\n").TrimEnd('\n');
        return trimmed.Length == 0 ? "" : trimmed + "\n";
    }

    private static bool IsText(string text) =>
        Encoding.UTF8.GetByteCount(text) <= MostBytes && !text.Any(c => (char.IsControl(c) && c is not ('\n' or '\t')) || c == '\uFFFD');

    private static V1.TestCase Test(string input, string output) =>
        new() { Stdio = new V1.StdioTest { Stdin = input, Stdout = output } };

    [GeneratedRegex(@"\n\[… the first part of [0-9]+ bytes\]$")]
    private static partial Regex CutNote();
}
