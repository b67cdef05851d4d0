using System.Text.Json;
using O1Coder.Cli.Display;
using Spectre.Console;

namespace O1Coder.Cli.Checks;

/// <summary>Looks at the machine without starting anything, and says what is missing and what to do about it.</summary>
internal static class Doctor
{
    private static readonly ICheck[] s_checks =
    [
        new SdkCheck(), new PythonCheck(), new NamespaceCheck(), new LimiterCheck(), .. LanguageCheck.All, new RedisCheck(), new ModelCheck(),
        new TrainingCheck(), new GitCheck(), new CoreCheck(), new MemoryCheck(), new DiskCheck(),
    ];

    /// <summary>Looks at everything and shows it.</summary>
    /// <returns>0 when the main job can run, 1 when something that it needs is missing.</returns>
    public static int Run(Terminal terminal, bool json)
    {
        var surroundings = Surroundings.Of(terminal);
        var findings = s_checks.Select(check => check.Run(surroundings)).ToList();
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(new
            {
                Ok = findings.All(finding => finding.Status != Health.Missing),
                Repository = surroundings.Root,
                Checks = findings.Select(finding => new
                {
                    finding.Name,
                    Status = finding.Status.ToString().ToLowerInvariant(),
                    finding.Detail,
                    finding.Advice,
                }),
            }, JsonOutput.Options));
        }
        else
        {
            Show(terminal, findings);
        }

        terminal.Out.Flush();
        return findings.Any(finding => finding.Status == Health.Missing) ? ExitCodes.NotSolved : ExitCodes.Solved;
    }

    private static void Show(Terminal terminal, List<Finding> findings)
    {
        var table = new Grid();
        table.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        table.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        table.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var finding in findings)
        {
            var (sign, style) = finding.Status switch
            {
                Health.Ok => ("✓ ok", Styles.Good),
                Health.Warning => ("! warning", Styles.Middling),
                _ => ("✗ missing", Styles.Bad),
            };
            var text = new Paragraph(TerminalText.Clean(finding.Detail));
            if (finding.Advice is { } advice)
            {
                text.Append("\n→ " + TerminalText.Clean(advice), Styles.Strong);
            }

            table.AddRow(new Text(sign, style), new Text(finding.Name, Styles.Strong), text);
        }

        var console = terminal.CreateConsole(terminal.Out);
        console.Write(table);
        console.WriteLine();
        var missing = findings.Where(finding => finding.Status == Health.Missing).Select(finding => finding.Name).ToList();
        console.Write(missing.Count == 0
            ? new Text("Everything that a search needs is here.\n", Styles.Success)
            : new Text($"Missing: {string.Join(", ", missing)}.\n", Styles.Bad));
    }
}
