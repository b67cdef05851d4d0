using O1Coder.Problems;

namespace O1Coder.Tcg;

/// <summary>Takes the programs out of the model's answers, each but once.</summary>
internal static class DistinctPrograms
{
    /// <summary>The programs, in the order of their first answers.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="entryPoint">In function mode the function's name; null otherwise.</param>
    public static IReadOnlyList<string> In(IEnumerable<Answer> answers, string? entryPoint) =>
    [
        .. answers.Select(answer => ProgramText.Extract(answer.Text, entryPoint)).OfType<string>()
            .DistinctBy(Normalised, StringComparer.Ordinal),
    ];

    /// <summary>A program without what changes nothing: empty lines, lines that are comments, blanks at the end of lines.</summary>
    public static string Normalised(string program) => string.Join(
        '\n',
        program.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())
            .Where(line => line.Length > 0 && !line.TrimStart().StartsWith('#')));
}
