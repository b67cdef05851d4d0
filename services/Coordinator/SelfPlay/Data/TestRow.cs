namespace O1Coder.Coordinator;

/// <summary>One line of tests.jsonl: what the test-case generator wrote for a problem.</summary>
/// <param name="Problem">The problem's id.</param>
/// <param name="Tests">Its good tests.</param>
/// <param name="Written">Different cases that the model wrote.</param>
/// <param name="Good">Those that the reference solutions confirm.</param>
/// <param name="FormatErrors">Those of <paramref name="Written"/> that are not in the asked-for form.</param>
/// <param name="Repeated">Cases beside these that repeat another or a visible test.</param>
internal sealed record TestRow(string Problem, IReadOnlyList<TestText> Tests, int Written, int Good, int FormatErrors, int Repeated)
{
    /// <summary>What became of all cases: "9 of 30 cases are good, 4 not in the asked-for form; 12 more repeat others".</summary>
    public static string Describe(IReadOnlyList<TestRow> rows)
    {
        var (errors, repeated) = (rows.Sum(row => row.FormatErrors), rows.Sum(row => row.Repeated));
        return $"{rows.Sum(row => row.Good)} of {rows.Sum(row => row.Written)} cases are good"
            + (errors == 0 ? "" : $", {errors} not in the asked-for form")
            + (repeated == 0 ? "" : $"; {repeated} more repeat others");
    }
}
