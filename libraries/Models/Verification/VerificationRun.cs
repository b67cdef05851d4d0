using System.Globalization;

namespace O1Coder.Models.Verification;

/// <summary>Runs reference numbers for a command line: a line a group of cases, one for each failure, then the count.</summary>
public static class VerificationRun
{
    private const int Failed = 1;
    private const string ThreadsVariable = "O1CODER_THREADS";
    private const int MostThreads = 1024;

    /// <summary>Runs all sources and prints <c>N passed, N failed</c> at the end.</summary>
    /// <param name="folder">Paths are printed relative to it.</param>
    /// <param name="sources">What was found in it.</param>
    /// <param name="expected">What is looked for, for an error where nothing was found.</param>
    /// <param name="output">Where to print.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The exit code: 0 when all passed, 1 when one failed.</returns>
    /// <exception cref="FormatException">There are no sources, or O1CODER_THREADS is set to what is no number of threads.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static int Run(
        string folder, IReadOnlyList<VerificationSource> sources, string expected, TextWriter output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(output);
        if (sources.Count == 0)
        {
            throw new FormatException($"FOLDER is '{folder}': expected {expected}, anywhere under it");
        }

        var threads = Threads();
        var (passed, failed) = (0, 0);
        foreach (var source in sources)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var results = source.Run(threads, cancellationToken);
            Print(Path.GetRelativePath(folder, source.Path), results, output);
            passed += results.Count(result => result.Passed);
            failed += results.Count(result => !result.Passed);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed"));
        return failed == 0 ? 0 : Failed;
    }

    /// <summary>Threads to compute with: O1CODER_THREADS, or one a core where it is not set or 0.</summary>
    /// <exception cref="FormatException">It is set to what is no number of threads.</exception>
    public static int Threads()
    {
        if (Environment.GetEnvironmentVariable(ThreadsVariable) is not { Length: > 0 } text)
        {
            return Environment.ProcessorCount;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostThreads
            ? number > 0 ? number : Environment.ProcessorCount
            : throw new FormatException($"{ThreadsVariable} is '{text}': expected 0 to {MostThreads}");
    }

    private static void Print(string source, IReadOnlyList<CaseResult> results, TextWriter output)
    {
        foreach (var group in results.GroupBy(result => result.Group))
        {
            var bad = group.Count(result => !result.Passed);
            var measured = group.Select(result => result.Measured).Where(text => text is not null).ToList();
            output.WriteLine($"{source}  {group.Key}: {group.Count() - bad} passed{(bad > 0 ? $", {bad} failed" : "")}"
                + (measured.Count > 0 ? $" ({string.Join("; ", measured)})" : ""));
            foreach (var result in group.Where(result => !result.Passed))
            {
                output.WriteLine($"    {result.Name}: {result.Failure}");
            }
        }

        output.Flush();
    }
}
