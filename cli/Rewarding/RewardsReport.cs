using System.Globalization;
using System.Text.Json;
using O1Coder.Cli.Display;
using O1Coder.Problems;

namespace O1Coder.Cli.Rewarding;

/// <summary>A reward for people, or as one JSON object.</summary>
/// <param name="problem">The problem.</param>
/// <param name="response">What the sandbox said of the program.</param>
/// <param name="report">Its reward.</param>
/// <param name="conditions">What became of the postconditions.</param>
/// <param name="counterexamples">What the sandbox said of each counterexample.</param>
internal sealed class RewardsReport(
    Problem problem, V1.ExecuteResponse response, RewardReport report, IReadOnlyList<ConditionVerdict> conditions,
    IReadOnlyDictionary<ConditionVerdict, V1.ExecuteResponse> counterexamples)
{
    /// <summary>Prints it.</summary>
    public void Write(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(Shape(), JsonOutput.Options));
        }
        else
        {
            Print(terminal.Out);
        }

        terminal.Out.Flush();
    }

    private object Shape() => new
    {
        Ok = true,
        Problem = problem.Id,
        Verdict = response.Verdict.ToString(),
        response.Message,
        report.Total,
        report.Outcome,
        report.Process,
        report.Alpha,
        Overfit = report.IsOverfit,
        report.Explanation,
        report.Parts,
        Conditions = conditions.Select(one => new
        {
            one.Condition,
            Outcome = WordOf(one.Outcome),
            one.Detail,
            Counterexample = one.Counterexample?.Code,
            Sandbox = counterexamples.TryGetValue(one, out var said) ? said.Verdict.ToString() : null,
        }),
    };

    private void Print(TextWriter output)
    {
        output.WriteLine($"{problem.Id}: {response.Verdict}, {TerminalText.OneLine(response.Message)}");
        output.WriteLine();
        output.WriteLine($"{"term",-12} {"value",7} {"weight",7} {"adds",7}  why");
        foreach (var part in report.Parts)
        {
            output.WriteLine($"{part.Name,-12} {Number(part.Value),7} {Number(part.Weight),7} {Number(part.Contribution),7}  {TerminalText.OneLine(part.Explanation)}");
        }

        output.WriteLine($"{"total",-12} {Number(report.Total),7}                  {report.Explanation}");
        if (report.IsOverfit)
        {
            output.WriteLine("overfit: it passes the tests that are shown and fails some that are not");
        }

        if (conditions.Count > 0)
        {
            output.WriteLine();
            foreach (var one in conditions)
            {
                var sandbox = counterexamples.TryGetValue(one, out var said) ? $"; the sandbox on it: {said.Verdict}" : "";
                output.WriteLine($"{WordOf(one.Outcome).Replace('_', ' '),-12} {one.Condition}{(one.Detail.Length > 0 ? $"  ({TerminalText.OneLine(one.Detail)}{sandbox})" : "")}");
            }
        }
    }

    private static string WordOf(ConditionOutcome outcome) => JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());

    private static string Number(double? value) => (value + 0.0)?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
}
