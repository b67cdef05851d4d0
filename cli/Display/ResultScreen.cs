using O1Coder.Cli.Searching;
using Spectre.Console;

namespace O1Coder.Cli.Display;

/// <summary>What a terminal shows when a search has ended: the program, the verdict, the cost, and where the log lies.</summary>
internal static class ResultScreen
{
    /// <summary>Writes it.</summary>
    public static void Write(IAnsiConsole console, SearchView view, Ending ending)
    {
        if (view.Program.Length > 0)
        {
            var solved = ending.ExitCode == ExitCodes.Solved;
            console.Write(new Panel(PythonListing.Of(view.Program))
            {
                Border = BoxBorder.Rounded,
                BorderStyle = solved ? Styles.Good : Styles.Middling,
                Header = new PanelHeader(solved ? "\u00a0Program\u00a0" : "\u00a0Best program so far\u00a0"),
                Expand = true,
            });
        }

        console.Write(Verdict(view, ending));
        foreach (var line in FinalReport.Tests(view))
        {
            console.Write(new Padder(new Text(line, Styles.Quiet), new Padding(2, 0, 0, 0)));
        }

        console.Write(new Padder(new Text(FinalReport.Cost(view), Styles.Quiet), new Padding(2, 0, 0, 0)));
        foreach (var (name, place) in FinalReport.Places(view))
        {
            // Past the console, which would fold it: a place is there to be copied.
            console.Profile.Out.Writer.WriteLine($"  {name,-5} {place}");
        }
    }

    private static Padder Verdict(SearchView view, Ending ending)
    {
        var (sign, style) = ending.ExitCode switch
        {
            ExitCodes.Solved => ("✓ ", Styles.Success),
            ExitCodes.Cancelled => ("■ ", Styles.Middling),
            _ => ("✗ ", Styles.Bad),
        };
        return new Padder(new Text(sign + Words.Sentence(view, ending), style), new Padding(0, 0, 0, 0));
    }
}
