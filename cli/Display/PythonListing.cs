using System.Globalization;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace O1Coder.Cli.Display;

/// <summary>A Python program with line numbers and colours. The program is shown as text: nothing in it is obeyed.</summary>
internal static partial class PythonListing
{
    /// <summary>The listing; long lines are folded beside their number.</summary>
    public static Grid Of(string program)
    {
        var lines = Highlight(TerminalText.Clean(program).TrimEnd());
        var numbers = lines.Count.ToString(CultureInfo.InvariantCulture).Length;
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Width = numbers, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        for (var i = 0; i < lines.Count; i++)
        {
            grid.AddRow(new Text((i + 1).ToString(CultureInfo.InvariantCulture).PadLeft(numbers), Styles.Quiet), lines[i]);
        }

        return grid;
    }

    private static List<Paragraph> Highlight(string program)
    {
        var lines = new List<Paragraph> { new() };
        var position = 0;
        foreach (Match match in Token().Matches(program))
        {
            Append(program[position..match.Index], null);
            Append(match.Value, StyleOf(match));
            position = match.Index + match.Length;
        }

        Append(program[position..], null);
        return lines;

        void Append(string text, Style? style)
        {
            var parts = text.Split('\n');
            for (var i = 0; i < parts.Length; i++)
            {
                if (i > 0)
                {
                    lines.Add(new Paragraph());
                }

                lines[^1].Append(parts[i], style);
            }
        }
    }

    private static Style StyleOf(Match match) =>
        match.Groups["comment"].Success ? Styles.Quiet
        : match.Groups["string"].Success ? Styles.Good
        : match.Groups["number"].Success ? Styles.Middling
        : match.Groups["name"].Success ? Styles.Strong
        : Styles.Accent;

    [GeneratedRegex("""
        (?<comment>\#[^\n]*)
        |(?<string>\b[rbfuRBFU]{0,2}(?:\"{3}[\s\S]*?(?:\"{3}|\z)|'{3}[\s\S]*?(?:'{3}|\z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)
        |\"{3}[\s\S]*?(?:\"{3}|\z)|'{3}[\s\S]*?(?:'{3}|\z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)
        |(?<name>(?<=\b(?:def|class)[ ])\w+)
        |(?<keyword>\b(?:False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for
        |from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b)
        |(?<number>\b\d[\w.]*)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
